import LedgerCore

/// Makes a posting of its arguments, and judges what they must be to each other.
enum PostingParser {
    static func posting(_ arguments: Arguments) throws(Refusal) -> Posting {
        let date = try arguments.day()
        var fallbacks: [ArgumentName: String] = [:]
        let action: PostingAction
        switch arguments.spec.verb {
        case .basisSet:
            action = .setBasis(
                scheme: try arguments.text(.scheme), subject: try arguments.text(.subject),
                amount: try arguments.amount(), period: arguments.optionalNumber(.period))
        case .appropriate:
            action = .appropriate(
                fund: try arguments.text(.fund), year: try arguments.number(.year), amount: try arguments.amount(),
                isCut: arguments.optionalText(.change) == "cut")
        case .carry:
            let (from, to) = (try arguments.number(.from), try arguments.number(.to))
            guard to > from else { throw .invalid("to", "to=\(to) is not right: expected a year after from=\(from)") }
            action = .carry(fund: try arguments.text(.fund), from: from, to: to, amount: try arguments.amount())
        case .commit:
            let commitment = try commitment(arguments, date: date)
            fallbacks[.schedule] = "\(date.year):\(DecimalText.yuan(commitment.amount))"
            action = .commit(commitment)
        case .reschedule:
            let (from, to) = (try arguments.number(.from), try arguments.number(.to))
            guard to != from else { throw .invalid("to", "to=\(to) is not right: expected a year other than from") }
            action = .reschedule(award: try arguments.text(.award), from: from, to: to, amount: try arguments.amount())
        case .disburse:
            action = .disburse(award: try arguments.text(.award), amount: try arguments.amount())
        case .release:
            action = .release(award: try arguments.text(.award), amount: try arguments.amount())
        case .recover:
            action = .recover(
                award: try arguments.text(.award), amount: try arguments.amount(),
                restores: arguments.isYes(.restore))
        case .settle:
            action = .settle(entry: try arguments.text(.entry))
        case .reverse:
            action = .reverse(entry: try arguments.text(.entry))
        case .giveBack:
            action = .giveBack(entry: try arguments.text(.entry))
        default:
            throw .unknownCommand(arguments.spec.name)
        }
        return Posting(
            tenant: try arguments.text(.tenant), key: try arguments.text(.key), date: date,
            isDryRun: arguments.isYes(.dryRun), action: action, content: arguments.content(filling: fallbacks))
    }

    private static func commitment(_ arguments: Arguments, date: Day) throws(Refusal) -> Commitment {
        let amount = try arguments.amount()
        let fitsRoom = arguments.optionalText(.fit) == "room"
        let schedule = arguments.optionalInstalments(.schedule)?.sorted { $0.year < $1.year }
        if let schedule {
            guard !fitsRoom else {
                throw .invalid("schedule", "schedule cannot be given with fit=room, which decides the amount itself")
            }
            try judge(schedule, sumsTo: amount, from: date.year)
        }
        return Commitment(
            award: try arguments.text(.award), scheme: try arguments.text(.scheme),
            subject: try arguments.text(.subject), amount: amount, fund: try arguments.text(.fund),
            schedule: schedule, incurred: arguments.optionalDay(.incurred), fitsRoom: fitsRoom,
            party: arguments.optionalText(.party))
    }

    /// `schedule` ascends by year.
    private static func judge(
        _ schedule: [Instalment], sumsTo amount: Amount, from firstYear: Int
    ) throws(Refusal) {
        for (one, next) in zip(schedule, schedule.dropFirst()) where one.year == next.year {
            throw .invalid("schedule", "schedule names the year \(one.year) twice; each year may stand there once")
        }
        if let first = schedule.first, first.year < firstYear {
            throw .invalid("schedule", "schedule names the year \(first.year), before the date's year \(firstYear)")
        }
        var sum = Amount.zero
        for instalment in schedule {
            sum += instalment.amount
            guard sum <= .maximum else { throw .tooLarge("schedule", "the sum of the schedule") }
        }
        guard sum == amount else {
            throw .invalid("schedule", "schedule sums to \(sum), not to the amount \(amount)")
        }
    }
}
