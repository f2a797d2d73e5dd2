/// How a batch stands to those of its root before and behind it, which other writers are at.
package protocol Succession: Sendable {
    /// The next batch may be decided over what this one is about to leave.
    func letFollow()
    /// This batch holds the root's lock: whoever follows gets it next.
    func holdLock()
    /// Blocks until the batch before holds the lock, or is answered.
    func waitForLockOfBefore()
    /// Blocks until the batch before is answered.
    func waitForBefore()
}

/// A batch that has nobody before it and lets nobody follow.
package struct Alone: Succession {
    package init() {}
    package func letFollow() {}
    package func holdLock() {}
    package func waitForLockOfBefore() {}
    package func waitForBefore() {}
}
