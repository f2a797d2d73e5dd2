import LedgerCore

/// What awards, subjects and funds point to, remembered from batch to batch, so that one round trip loads everything. A
/// hint that is missing or wrong costs a round trip, never a wrong answer: rows are loaded by name, and followed.
struct Hints {
    private struct Pointers {
        let subject: Int64
        let party: Int64
        let fund: Int64
    }

    /// Some 10 MB.
    private static let capacity = 65_536

    private var awards: [AwardName: Pointers] = [:]
    private var subjects: [SubjectName: (number: Int64, party: Int64)] = [:]
    private var funds: [FundName: Int64] = [:]

    mutating func remember(_ books: Books) {
        if awards.count + subjects.count + funds.count > Hints.capacity { self = Hints() }
        for award in books.awards.values {
            awards[award.name] = Pointers(subject: award.subject, party: award.party, fund: award.fund)
        }
        for subject in books.subjects.values { subjects[subject.name] = (subject.number, subject.party) }
        for fund in books.funds.values { funds[fund.name] = fund.number }
    }

    /// Adds the numbers that the names in `wanted` are known to lead to.
    func add(to wanted: inout Wanted) {
        for name in wanted.awards {
            guard let award = awards[name] else { continue }
            wanted.subjectNumbers.insert(award.subject)
            wanted.capsOf.insert(award.subject)
            wanted.partyNumbers.insert(award.party)
            wanted.fundNumbers.insert(award.fund)
            wanted.budgetsOf.insert(award.fund)
        }
        for name in wanted.subjects {
            guard let subject = subjects[name] else { continue }
            wanted.capsOf.insert(subject.number)
            wanted.partyNumbers.insert(subject.party)
        }
        for name in wanted.funds {
            if let fund = funds[name] { wanted.budgetsOf.insert(fund) }
        }
    }
}
