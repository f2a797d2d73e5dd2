/// Runs `body` on a thread of its own and waits for it without blocking the caller's. Throws what `body` throws, or
/// that the system has no thread left.
package func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    let threads = Threads()
    return try await withCheckedThrowingContinuation { continuation in
        do {
            try threads.start { continuation.resume(with: Result(catching: body)) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}
