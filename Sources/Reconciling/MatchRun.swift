import LedgerCore

/// A payment in a run: an open one, or one that has its line.
struct KnownPayment {
    enum State {
        case open
        case matched
        case returned
    }

    let payment: Payment
    var state: State

    var flow: Flow { Flow(payment.amount) }
}

/// One run's work: what is known, and what has been found so far. Payments and lines go by their places.
struct MatchRun {
    enum LineState: Equatable {
        case open
        /// The place of the match.
        case matched(Int)
        case returned
    }

    /// Why an open line stays open, where only the rule that looked at it can say.
    struct Doubt {
        let kind: BreakKind
        let related: [BreakItem]
    }

    let rules: MatchRules
    let on: Day
    let undone: Undone
    /// Ascending by entry.
    var payments: [KnownPayment]
    /// Ascending by the day of booking, then by identity.
    let lines: [StatementLine]
    let names: NameIndex
    let namesOfLine: [LineNames]
    let originals: OriginalIndex
    /// The places of the returns that the ledger has, by the entry that they give back.
    let returnOfEntry: [Int64: Int]

    var lineStates: [LineState]
    var matches: [Match] = []
    /// The places of the payments of each match.
    var matchedPlaces: [[Int]] = []
    var returns: [ReturnedPayment] = []
    var lineDoubts: [Int: Doubt] = [:]
    /// The lines that each of these payments could be, under the rule without a reference.
    var paymentDoubts: [Int: [BreakItem]] = [:]

    init(
        tenant: String, rules: MatchRules, on: Day, undone: Undone, payments open: [Payment], lines: [StatementLine],
        matched: [MatchedPayment]
    ) {
        self.rules = rules
        self.on = on
        self.undone = undone
        let earlier = matched.sorted { $0.payment.entry < $1.payment.entry }
        let payments =
            (open.map { KnownPayment(payment: $0, state: .open) }
            + earlier.map { KnownPayment(payment: $0.payment, state: $0.returned ? .returned : .matched) })
            .sorted { $0.payment.entry < $1.payment.entry }
        let lines = lines.sorted { ($0.booked, $0.id) < ($1.booked, $1.id) }
        self.payments = payments
        self.lines = lines

        var names = NameIndex(tenant: tenant, payments: payments.map(\.payment))
        namesOfLine = lines.enumerated().map { names.add($1, at: $0) }
        self.names = names

        var earlierLines: [(line: StatementLine, payment: Int)] = []
        var next = earlier.makeIterator()
        for (place, known) in payments.enumerated() where known.state != .open {
            for line in next.next()?.lines ?? [] { earlierLines.append((line, place)) }
        }
        originals = OriginalIndex(open: lines, earlier: earlierLines)

        let given = payments.enumerated().compactMap { place, known in known.payment.givesBack.map { ($0, place) } }
        returnOfEntry = Dictionary(given, uniquingKeysWith: { first, _ in first })
        lineStates = Array(repeating: .open, count: lines.count)
    }

    /// The rules are applied until none finds anything: what one has settled may leave another a single candidate. So
    /// the next run, which begins where this one ends, finds nothing more.
    mutating func matchAll() {
        var found: Int
        repeat {
            found = matches.count + returns.count
            matchBatches()
            matchNamedTogether()
            matchReferences()
            matchBatches()
            matchWithinTolerance()
            matchBeneficiaries()
            findReturns()
        } while matches.count + returns.count > found
    }
}

// MARK: - What the rules share

extension MatchRun {
    func openPayments(_ places: [Int], _ flow: Flow) -> [Int] {
        places.filter { payments[$0].state == .open && payments[$0].flow == flow }
    }

    func openLines(_ places: [Int], _ flow: Flow) -> [Int] {
        places.filter { lineStates[$0] == .open && Flow(lines[$0].amount) == flow }
    }

    func mayPair(_ payment: Int, _ line: Int) -> Bool { !undone.parts(payments[payment].payment, lines[line]) }

    func sum(payments places: [Int]) -> Total { places.lazy.map { payments[$0].payment.amount }.total() }

    func sum(lines places: [Int]) -> Total { places.lazy.map { lines[$0].amount }.total() }

    /// The bank has made it and not given it back: neither does the ledger know of a return, nor has this run found
    /// one. What is a return itself cannot come back.
    func mayComeBack(_ place: Int) -> Bool {
        let known = payments[place]
        return known.state == .matched && known.payment.givesBack == nil && returnOfEntry[known.payment.entry] == nil
    }

    func item(payment place: Int) -> BreakItem { .payment(payments[place].payment.entry) }

    func item(line place: Int) -> BreakItem { .line(lines[place].id) }

    /// The first that may be paired with the line, as many as a break shows.
    func shown(_ places: [Int], with line: Int) -> [Int] { places.shown { mayPair($0, line) } }

    mutating func settle(_ paid: [Int], with taken: [Int], by rule: MatchRule) {
        for place in paid { payments[place].state = .matched }
        for place in taken { lineStates[place] = .matched(matches.count) }
        let match = Match(
            rule: rule, payments: paid.map { payments[$0].payment.entry }.sorted(),
            lines: taken.map { lines[$0].id }.sorted(), difference: sum(lines: taken) - sum(payments: paid))
        matches.append(match)
        matchedPlaces.append(paid)
    }

    mutating func giveBack(_ payment: Int, by line: Int) {
        payments[payment].state = .returned
        lineStates[line] = .returned
        returns.append(ReturnedPayment(line: lines[line].id, payment: payments[payment].payment.entry))
    }
}

extension Sequence {
    /// The first that fit, at most as many as a break shows; no more are looked at than needed.
    func shown(where fits: (Element) -> Bool) -> [Element] {
        var shown: [Element] = []
        for element in self where fits(element) {
            shown.append(element)
            if shown.count == Break.mostRelated { break }
        }
        return shown
    }
}
