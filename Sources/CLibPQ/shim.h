// The path of libpq's header differs between distributions; pkg-config knows it.
#include <libpq-fe.h>

// Swift does not import macros that are character constants.
enum ErrorField {
    ErrorFieldSeverity = PG_DIAG_SEVERITY_NONLOCALIZED,
    ErrorFieldSQLState = PG_DIAG_SQLSTATE,
    ErrorFieldMessage = PG_DIAG_MESSAGE_PRIMARY,
    ErrorFieldDetail = PG_DIAG_MESSAGE_DETAIL,
    ErrorFieldHint = PG_DIAG_MESSAGE_HINT,
    ErrorFieldConstraint = PG_DIAG_CONSTRAINT_NAME,
};
