/// What reads the books and changes nothing. `tenant` is who asks; lists and journals show its own entries only.
package struct Query: Sendable, Hashable {
    package var tenant: String
    package var question: Question
    /// The schemes that whoever asks may see; nil: all.
    package var schemes: Set<String>?

    package init(tenant: String, question: Question, schemes: Set<String>? = nil) {
        self.tenant = tenant
        self.question = question
        self.schemes = schemes
    }
}

package enum Question: Sendable, Hashable {
    case remaining(scheme: String, subject: String, on: Day?, period: Int?, amount: Amount?)
    case award(String)
    case budget(fund: String, year: Int)
    case entry(String)
    case entryByKey(String)
    case history(HistoryOf, Page)
    case schemes(Listing)
    case subjects(Listing)
    case awards(Listing)
    case parties(Listing)
    case party(String, on: Day?)
    /// Entries after a sequence number; the server does the waiting.
    case journal(after: Int64, limit: Int)
    case trialBalance(on: Day?)
    case check
    /// What was signed of the journal, after a sequence number.
    case seals(after: Int64, limit: Int)
    /// Subjects whose use stands above their limit.
    case excess(scheme: String?)
    /// Commitments not yet paid, by age.
    case outstanding(on: Day?)
    case summary(on: Day?, by: SummaryKey)
}

package enum HistoryOf: Sendable, Hashable {
    case award(String)
    case subject(scheme: String, subject: String)
    case party(String)
}

package enum SummaryKey: String, Sendable, CaseIterable {
    case scheme, authority, year, payer
}

/// A page of entries: those after the sequence number `after`.
package struct Page: Sendable, Hashable {
    package var after: Int64
    package var limit: Int

    package init(after: Int64 = 0, limit: Int = 500) {
        self.after = after
        self.limit = limit
    }
}

/// A page of a list: those of the filters whose identifier comes after `after`, in the order of their bytes.
package struct Listing: Sendable, Hashable {
    package var scheme: String?
    package var subject: String?
    package var party: String?
    package var after: String?
    package var limit: Int

    package init(
        scheme: String? = nil, subject: String? = nil, party: String? = nil, after: String? = nil, limit: Int = 500
    ) {
        self.scheme = scheme
        self.subject = subject
        self.party = party
        self.after = after
        self.limit = limit
    }
}
