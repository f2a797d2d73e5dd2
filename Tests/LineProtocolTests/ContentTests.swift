import LedgerCore
import LineProtocol
import Testing

/// What is compared when a key comes back.
@Suite struct ContentTests {
    private func content(_ line: String, tenant: String? = nil) throws -> String {
        guard case .command(.posting(let posting)) = try parse(line, tenant: tenant) else {
            throw Unexpected(description: line)
        }
        return posting.content.text.split(separator: "\n").joined(separator: " ")
    }

    @Test(
        arguments: Table.rows(
            """
            BASIS.SET scheme=s subject=P amount=0 date=2023-07-01 -> BASIS.SET scheme=s subject=P amount=0.00 \
            date=2023-07-01
            BASIS.SET evidence=e period=2024 date=2023-07-01 amount=1.5 subject=P scheme=s -> BASIS.SET scheme=s \
            subject=P amount=1.50 date=2023-07-01 period=2024 evidence=e
            APPROPRIATE fund=f year=2023 amount=1 date=2023-07-01 -> APPROPRIATE fund=f year=2023 amount=1.00 \
            date=2023-07-01 change=add
            APPROPRIATE fund=f year=2023 amount=1 date=2023-07-01 change=cut -> APPROPRIATE fund=f year=2023 \
            amount=1.00 date=2023-07-01 change=cut
            CARRY date=2023-07-01 amount=1 to=2024 from=2023 fund=f -> CARRY fund=f from=2023 to=2024 \
            amount=1.00 date=2023-07-01
            COMMIT award=A scheme=s subject=P amount=10 date=2023-07-01 -> COMMIT award=A scheme=s subject=P \
            amount=10.00 date=2023-07-01 fund=general schedule=2023:10.00 fit=whole
            COMMIT award=A scheme=s subject=P amount=10 date=2023-07-01 schedule=2023:10 -> COMMIT award=A \
            scheme=s subject=P amount=10.00 date=2023-07-01 fund=general schedule=2023:10.00 fit=whole
            COMMIT award=A scheme=s subject=P amount=10 date=2023-07-01 fit=room -> COMMIT award=A scheme=s \
            subject=P amount=10.00 date=2023-07-01 fund=general schedule=2023:10.00 fit=room
            COMMIT award=A scheme=s subject=P amount=10 date=2023-07-01 schedule=2025:7.0,2023:3 party=p \
            incurred=2023-01-02 fund=f -> COMMIT award=A scheme=s subject=P amount=10.00 date=2023-07-01 fund=f \
            schedule=2023:3.00,2025:7.00 incurred=2023-01-02 fit=whole party=p
            RESCHEDULE award=A from=2024 to=2023 amount=1 date=2023-07-01 -> RESCHEDULE award=A from=2024 \
            to=2023 amount=1.00 date=2023-07-01
            DISBURSE award=A amount=00001 date=2023-07-01 -> DISBURSE award=A amount=1.00 date=2023-07-01
            DISBURSE award=A amount=1 date=2023-07-01 ref=R -> DISBURSE award=A amount=1.00 date=2023-07-01 ref=R
            RELEASE award=A amount=1 date=2023-07-01 -> RELEASE award=A amount=1.00 date=2023-07-01
            RECOVER award=A amount=1 date=2023-07-01 -> RECOVER award=A amount=1.00 date=2023-07-01 restore=yes
            RECOVER award=A amount=1 date=2023-07-01 restore=no -> RECOVER award=A amount=1.00 date=2023-07-01 \
            restore=no
            SETTLE entry=E1 date=2023-07-01 -> SETTLE entry=E1 date=2023-07-01
            SETTLE entry=E1 date=2023-07-01 ref=R -> SETTLE entry=E1 date=2023-07-01 ref=R
            REVERSE entry=E1 date=2023-07-01 -> REVERSE entry=E1 date=2023-07-01
            """))
    func isCanonical(row: Table.Row) throws {
        #expect(try content("\(row[0]) key=k tenant=t") == row[1])
        #expect(try content("\(row[0]) key=other dry-run=yes", tenant: "u") == row[1])
    }

    @Test func aCommitmentWithoutAScheduleHasNone() throws {
        let line = "COMMIT tenant=t award=A scheme=s subject=P amount=10 date=2023-07-01 key=k"
        guard case .command(.posting(let posting)) = try parse(line), case .commit(let commitment) = posting.action
        else {
            throw Unexpected(description: line)
        }
        #expect(commitment.schedule == nil)
    }
}
