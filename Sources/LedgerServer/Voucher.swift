package import LedgerCore

/// What was sent between MULTI and EXEC.
package struct Voucher: Sendable, Hashable {
    package private(set) var parts: [VoucherPart] = []
    /// The first request that was refused when it was sent: EXEC then posts nothing.
    package private(set) var refusal: Refusal?
    /// Its place, from 0.
    package private(set) var refusedIndex = 0
    /// Requests sent, refused ones too.
    private var count = 0

    package init() {}

    /// Throws TOO_LARGE where it is full.
    mutating func add(_ part: VoucherPart, limits: Limits) throws(Refusal) {
        guard count < limits.voucherLength else {
            throw Refusal(.tooLarge, "a voucher holds at most \(limits.voucherLength) requests; split it")
        }
        parts.append(part)
        count += 1
    }

    mutating func refuse(_ refusal: Refusal) {
        if self.refusal == nil {
            self.refusal = refusal
            refusedIndex = count
            parts = []
        }
        count += 1
    }

    /// Whether it makes this tenant.
    func creates(_ tenant: String) -> Bool { parts.contains { $0.createdTenant == tenant } }

    /// What EXEC answers without asking the books; nil where they must be asked.
    var verdict: Verdict? {
        if let refusal { .aborted(index: refusedIndex, refusal) } else if parts.isEmpty { .all([]) } else { nil }
    }

    /// As a job: one that shares a batch, unless queries stand among the commands, or one that makes a tenant.
    var job: WriteJob {
        var envelopes: [Envelope] = []
        for part in parts {
            guard case .command(let envelope) = part, !envelope.command.createsTenant else { return .voucher(parts) }
            envelopes.append(envelope)
        }
        return .work(.group(envelopes))
    }
}

extension Command {
    var createsTenant: Bool {
        if case .registration(let registration) = self, case .createTenant = registration.action { true } else { false }
    }
}
