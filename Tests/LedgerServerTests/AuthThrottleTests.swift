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
        // Nobody else waits for it, and it begins anew after a long while alone: whoever has one
        // right token may not guess another.
        #expect(throttle.delay(for: "10.0.0.2", at: now) == .zero)
        #expect(throttle.delay(for: "10.0.0.1", at: now + .seconds(899)) == .seconds(1))
        #expect(throttle.delay(for: "10.0.0.1", at: now + .seconds(899 + 901)) == .zero)
    }
}
