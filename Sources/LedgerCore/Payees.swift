// Who holds what an award has paid. A later commitment may name another payee; what was paid before stays with whom it
// was paid to.

extension AwardRow {
    /// A party that was the payee, and what it holds of what the award has paid. That may be below zero: where a
    /// payment is reversed of which other parties' money was recovered.
    package struct FormerPayee: Sendable, Hashable {
        package var party: Int64
        package var paid: Amount

        package init(party: Int64, paid: Amount) {
            self.party = party
            self.paid = paid
        }
    }

    /// What the payee holds: all that no former one does.
    package var paidToPayee: Amount { disbursed - formerPayees.lazy.map(\.paid).sum() }

    mutating func change(payee: Int64) {
        guard payee != party else { return }
        let former = FormerPayee(party: party, paid: paidToPayee)
        // One who was the payee before takes up again what it holds.
        formerPayees.removeAll { $0.party == payee }
        formerPayees.append(former)
        party = payee
    }

    /// Notes on a former payee that money went to it, or, negative, came back from it.
    mutating func add(_ amount: Amount, paidTo payee: Int64) {
        guard let index = formerPayees.firstIndex(where: { $0.party == payee }) else { return }
        formerPayees[index].paid += amount
    }

    /// From whom an amount that was paid is recovered: from the payee first, then from former ones, the latest first.
    func holders(of amount: Amount) -> [FormerPayee] {
        var left = amount
        var holders: [FormerPayee] = []
        let all = [FormerPayee(party: party, paid: paidToPayee)] + formerPayees.reversed()
        for holder in all where left > .zero && holder.paid > .zero {
            let part = min(left, holder.paid)
            holders.append(FormerPayee(party: holder.party, paid: part))
            left -= part
        }
        return holders
    }
}

extension Transfer {
    /// Whom it is to pay how much, or, negative, from whom it is to take: what is owed between an expense and a party.
    /// nil for what the bank moved, and for all that is no money.
    package var payment: (party: Int64, amount: Amount)? {
        for (account, other, amount) in [(debit, credit, -self.amount), (credit, debit, self.amount)]
        where other.slot == .expense && (account.slot == .payable || account.slot == .receivable) {
            return (account.owner, amount)
        }
        return nil
    }
}
