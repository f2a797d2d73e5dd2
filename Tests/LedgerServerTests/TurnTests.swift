import Dispatch
import LedgerServer
import Synchronization
import Testing

struct TurnTests {
    @Test func theNextMayFollowOnce() {
        let count = Mutex(0)
        let turn = Turn { count.withLock { $0 += 1 } }
        turn.letFollow()
        turn.letFollow()
        turn.finish()
        turn.letFollow()
        #expect(count.withLock(\.self) == 1)
    }

    @Test func whoeverHasNobodyBeforeNeverWaits() {
        let turn = Turn()
        turn.waitForLockOfBefore()
        turn.waitForBefore()
    }

    /// What has happened before the waits return, in order.
    @Test(arguments: [true, false]) func theNextWaitsForTheLockAndForTheEnd(isLocked: Bool) {
        let events = Mutex<[String]>([])
        let before = Turn()
        let turn = Turn(after: before)
        let (isWaiting, isDone) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        DispatchQueue.global().async {
            isWaiting.signal()
            turn.waitForLockOfBefore()
            // Again, as a batch does that is tried again.
            turn.waitForLockOfBefore()
            events.withLock { $0.append("may be sent") }
            isWaiting.signal()
            turn.waitForBefore()
            turn.waitForBefore()
            events.withLock { $0.append("is alone") }
            isDone.signal()
        }
        isWaiting.wait()
        if isLocked {
            events.withLock { $0.append("locked") }
            before.holdLock()
            isWaiting.wait()
        }
        events.withLock { $0.append("ended") }
        before.finish()
        isDone.wait()
        let expected = ["locked", "may be sent", "ended", "is alone"]
        #expect(events.withLock(\.self) == (isLocked ? expected : ["ended", "may be sent", "is alone"]))
    }
}
