import LedgerCore

// Payments that the bank gave back: the money comes in again that had gone out, or goes out that had come in.

extension MatchRun {
    mutating func findReturns() {
        findNamedReturns()
        findReturnsOfLines()
    }

    /// By the payment's reference. A return that the ledger has already is an open payment of the same flow; it comes
    /// first, and its line is found by the rules for references.
    private mutating func findNamedReturns() {
        for named in names.references where !named.lines.isEmpty {
            for flow in Flow.allCases {
                let coming = openLines(named.lines, flow)
                guard !coming.isEmpty, openPayments(named.payments, flow).isEmpty else { continue }
                let gone = named.payments.filter { payments[$0].flow == flow.opposite && mayComeBack($0) }
                guard !gone.isEmpty else { continue }
                let byAmount = Dictionary(grouping: gone) { payments[$0].payment.amount }
                let doubles = Dictionary(grouping: openLines(named.lines, flow.opposite)) { lines[$0].amount }
                for line in coming {
                    let amount = -lines[line].amount
                    findReturn(line, of: byAmount[amount] ?? [], doubles: doubles[amount] ?? [])
                }
            }
        }
    }

    /// `gone` are the payments of that reference and amount. Where the bank has also made one twice, it may be the
    /// second that this line corrects, which is not for the ledger to undo.
    private mutating func findReturn(_ line: Int, of gone: [Int], doubles: [Int]) {
        if case .line(let original) = originals.original(of: lines[line]), lineStates[original] == .open {
            lineDoubts[line] = Doubt(kind: .duplicate, related: [item(line: original)])
            return
        }
        guard !gone.isEmpty else { return }
        let isSure = gone.count == 1 && doubles.isEmpty
        let due = isSure ? gone : narrowed(gone, byOriginalOf: line)
        guard let payment = due.first(where: { mayPair($0, line) }) else { return }
        if due.count > 1 || !(isSure || originals.original(of: lines[line]) != nil) {
            let related = (due.map { item(payment: $0) } + doubles.map { item(line: $0) }).prefix(Break.mostRelated)
            lineDoubts[line] = Doubt(kind: .ambiguous, related: related.sorted())
        } else if payments[payment].state == .matched {
            giveBack(payment, by: line)
        }
    }

    private func narrowed(_ gone: [Int], byOriginalOf line: Int) -> [Int] {
        guard let original = originals.original(of: lines[line]) else { return gone }
        let meant = payments(of: original)
        return gone.filter { meant.containsAscending($0) }
    }

    private func payments(of original: OriginalIndex.Original) -> [Int] {
        switch original {
        case .payments(let places, _): return places
        case .line(let place):
            guard case .matched(let match) = lineStates[place] else { return [] }
            return matchedPlaces[match]
        }
    }
}

// MARK: - By the bank's reference

extension MatchRun {
    /// What one line had paid, of which others say that they give it back.
    private struct Paid {
        let line: BreakItem
        /// Not given back yet, by amount.
        var due: [Amount: [Int]] = [:]
        var amounts: Set<Amount> = []
    }

    /// Lines that name no payment, but the line that they undo.
    private mutating func findReturnsOfLines() {
        var paid: [OriginalIndex.Key: Paid] = [:]
        for line in lines.indices where lineStates[line] == .open && namesOfLine[line] == .nothing {
            guard let key = OriginalIndex.key(of: lines[line]), let original = originals.original(of: lines[line])
            else { continue }
            var known = paid[key] ?? whatWasPaid(by: original)
            paid[key] = nil
            findReturn(line, &known)
            paid[key] = known
        }
    }

    private func whatWasPaid(by original: OriginalIndex.Original) -> Paid {
        var paid = Paid(line: item(of: original))
        for place in payments(of: original) where payments[place].payment.givesBack == nil {
            let amount = payments[place].payment.amount
            paid.amounts.insert(amount)
            let isPosted = returnOfEntry[payments[place].payment.entry].map { payments[$0].state == .open } ?? false
            if isPosted || mayComeBack(place) { paid.due[amount, default: []].append(place) }
        }
        return paid
    }

    private func item(of original: OriginalIndex.Original) -> BreakItem {
        switch original {
        case .line(let place): item(line: place)
        case .payments(_, let id): .line(id)
        }
    }

    private mutating func findReturn(_ line: Int, _ paid: inout Paid) {
        let amount = -lines[line].amount
        let due = paid.due[amount] ?? []
        let candidates = shown(due, with: line)
        guard let payment = candidates.first else {
            let isKnown = !paid.amounts.isEmpty && due.isEmpty
            let kind: BreakKind = !isKnown ? .missingInLedger : paid.amounts.contains(amount) ? .duplicate : .amount
            lineDoubts[line] = Doubt(kind: kind, related: [paid.line])
            return
        }
        guard candidates.count == 1 else {
            lineDoubts[line] = Doubt(kind: .ambiguous, related: candidates.map { item(payment: $0) }.sorted())
            return
        }
        if let posted = returnOfEntry[payments[payment].payment.entry] {
            guard payments[posted].payment.amount == lines[line].amount, mayPair(posted, line) else {
                lineDoubts[line] = Doubt(kind: .amount, related: [item(payment: posted)])
                return
            }
            settle([posted], with: [line], by: .reference)
        } else {
            giveBack(payment, by: line)
        }
        paid.due[amount] = nil
    }
}

extension [Int] {
    /// Of an array whose elements ascend.
    fileprivate func containsAscending(_ element: Int) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == element
    }
}
