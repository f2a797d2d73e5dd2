import TestKit
import Testing

/// For tests in which a client waits for a server: tests of other targets block the threads that tasks share.
struct OnThreadsOfTheirOwn: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(ThreadsOfTheirOwn.shared) { try await function() }
    }
}

extension Trait where Self == OnThreadsOfTheirOwn {
    static var onThreadsOfTheirOwn: Self { Self() }
}
