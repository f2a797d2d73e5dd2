import LedgerCore

// What is left over: every open payment and every open line is one break.

extension MatchRun {
    /// The payments that go by one name, by what became of them and the way their money went.
    private struct Standing {
        var open: [[Int]] = [[], []]
        /// Without the returns of payments that are here themselves, which stand for both.
        var settled: [[Int]] = [[], []]
        var settledAmounts: Set<Amount> = []
    }

    func findBreaks() -> [Break] {
        let references = names.references.map { $0.lines.isEmpty && $0.sharedLines.isEmpty ? nil : standing(of: $0) }
        let batches = names.batches.map { $0.lines.isEmpty ? nil : standing(of: $0) }
        return paymentBreaks(references, batches) + lineBreaks(references, batches)
    }

    private func standing(of named: Named) -> Standing {
        var standing = Standing()
        for place in named.payments {
            let known = payments[place]
            if known.state == .open {
                standing.open[known.flow.rawValue].append(place)
            } else {
                standing.settled[known.flow.rawValue].append(place)
            }
        }
        let settled = Set(standing.settled.joined().map { payments[$0].payment.entry })
        for flow in Flow.allCases {
            standing.settled[flow.rawValue].removeAll { place in
                payments[place].payment.givesBack.map(settled.contains) ?? false
            }
        }
        standing.settledAmounts = Set(standing.settled.joined().map { payments[$0].payment.amount })
        return standing
    }
}

// MARK: - Payments

extension MatchRun {
    private func paymentBreaks(_ references: [Standing?], _ batches: [Standing?]) -> [Break] {
        var found: [Int: Doubt] = [:]
        for (named, standing) in zip(names.references, references) {
            guard let standing else { continue }
            for flow in Flow.allCases {
                let due = standing.open[flow.rawValue]
                guard !due.isEmpty else { continue }
                let kind: BreakKind = due.count > 1 ? .ambiguous : .amount
                add(claimants(of: named, standing, flow), to: due, as: kind, &found)
            }
        }
        for (named, standing) in zip(names.batches, batches) {
            guard let standing else { continue }
            for flow in Flow.allCases {
                add(openLines(named.lines, flow), to: standing.open[flow.rawValue], as: .amount, &found)
            }
        }
        return payments.indices.filter { payments[$0].state == .open }.map { place in
            let payment = payments[place].payment
            let doubt = found[place] ?? paymentDoubts[place].map { Doubt(kind: .ambiguous, related: $0) }
            let isYoung = Int(on.number) - Int(payment.date.number) <= rules.grace
            return Break(
                item: .payment(payment.entry), kind: doubt?.kind ?? (isYoung ? .timing : .missingInBank),
                amount: Total(payment.amount), since: payment.date, related: doubt?.related ?? [])
        }
    }

    /// The open lines that name these payments: those of their flow, or where nothing else explains them the opposite.
    private func claimants(of named: Named, _ standing: Standing, _ flow: Flow) -> [Int] {
        let same = openLines(named.lines + named.sharedLines, flow).sorted()
        guard same.isEmpty, standing.open[flow.opposite.rawValue].isEmpty, standing.settled.allSatisfy(\.isEmpty)
        else { return same }
        return openLines(named.lines, flow.opposite)
    }

    private func add(_ claimants: [Int], to due: [Int], as kind: BreakKind, _ found: inout [Int: Doubt]) {
        guard !claimants.isEmpty else { return }
        for payment in due {
            let named = claimants.shown { mayPair(payment, $0) }.map { item(line: $0) }
            guard !named.isEmpty else { continue }
            let known = found[payment]
            let related = Set(known?.related ?? []).union(named).sorted().prefix(Break.mostRelated)
            found[payment] = Doubt(kind: known?.kind ?? kind, related: Array(related))
        }
    }
}

// MARK: - Lines

extension MatchRun {
    private func lineBreaks(_ references: [Standing?], _ batches: [Standing?]) -> [Break] {
        let unknown = Doubt(kind: .missingInLedger, related: [])
        let open = lines.indices.filter { lineStates[$0] == .open }.sorted { lines[$0].id < lines[$1].id }
        return open.map { place in
            let doubt =
                switch namesOfLine[place] {
                case .stranger: unknown
                case .nothing: lineDoubts[place] ?? unknown
                case .one(let reference): lineDoubts[place] ?? doubt(about: place, [reference], references) ?? unknown
                case .several(let named): doubt(about: place, named, references) ?? unknown
                case .batch(let batch): doubt(about: place, [batch], batches) ?? unknown
                }
            let line = lines[place]
            return Break(
                item: .line(line.id), kind: doubt.kind, amount: Total(line.amount), since: line.booked,
                related: doubt.related)
        }
    }

    /// nil where the line was parted from all that it names.
    private func doubt(about line: Int, _ named: [Int], _ standings: [Standing?]) -> Doubt? {
        let standings = named.compactMap { standings[$0] }
        let amount = lines[line].amount
        let flow = Flow(amount)
        func payments(_ which: (Standing) -> [Int]) -> [BreakItem] {
            var places: [Int] = []
            for standing in standings where places.count < Break.mostRelated {
                places += shown(which(standing), with: line)
            }
            return places.prefix(Break.mostRelated).map { item(payment: $0) }.sorted()
        }
        let due = payments { $0.open[flow.rawValue] }
        if !due.isEmpty {
            let isShared = named.count == 1 && namesOfLine[line] == .one(named[0]) && due.count > 1
            return Doubt(kind: isShared ? .ambiguous : .amount, related: due)
        }
        let paid = payments { $0.settled[flow.rawValue] }
        if !paid.isEmpty { return Doubt(kind: .duplicate, related: paid) }
        let gone = payments { $0.settled[flow.opposite.rawValue] }
        if !gone.isEmpty {
            let isSecond = standings.contains { $0.settledAmounts.contains(-amount) }
            return Doubt(kind: isSecond ? .duplicate : .amount, related: gone)
        }
        let other = payments { $0.open[flow.opposite.rawValue] }
        return other.isEmpty ? nil : Doubt(kind: .amount, related: other)
    }
}
