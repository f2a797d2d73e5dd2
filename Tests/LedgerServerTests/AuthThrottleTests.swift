import LedgerServer
import Testing

@testable import LedgerServer

@Suite struct AuthThrottleTests {
    @Test func eachFailureWaitsTwiceAsLong() {
        var limits = Limits()
        limits.longestAuthDelay = .seconds(1)
        let throttle = AuthThrottle(limits: limits)
        let now = ContinuousClock.now
        let delays = (0..<9).map { _ in throttle.delay(for: "10.0.0.1", at: now) }
        let expected: [Duration] = [0, 0, 0, 100, 200, 400, 800, 1_000, 1_000].map { .milliseconds($0) }
        #expect(delays == expected)
        // Nobody else waits for it, and it begins anew after a success, or after a long while.
        #expect(throttle.delay(for: "10.0.0.2", at: now) == .zero)
        throttle.succeeded(from: "10.0.0.1")
        #expect(throttle.delay(for: "10.0.0.1", at: now) == .zero)
        for _ in 0..<8 { _ = throttle.delay(for: "10.0.0.3", at: now) }
        #expect(throttle.delay(for: "10.0.0.3", at: now + .seconds(901)) == .zero)
    }
}
