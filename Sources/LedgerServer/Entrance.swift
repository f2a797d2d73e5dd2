import LedgerCore

/// What stands between a connection and whoever it says it is.
package struct Entrance: Sendable {
    let throttle: AuthThrottle
    /// Whose failures are counted together.
    let address: String
    /// Takes the connection for a principal's; answers why it may not be.
    let admit: @Sendable (Principal) -> Refusal?

    init(throttle: AuthThrottle, address: String, admit: @escaping @Sendable (Principal) -> Refusal?) {
        self.throttle = throttle
        self.address = address
        self.admit = admit
    }

    /// Of what is no connection.
    package init() {
        self.init(throttle: AuthThrottle(limits: Limits()), address: "", admit: { _ in nil })
    }
}
