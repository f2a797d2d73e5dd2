/// Why books cannot be written.
package struct BookError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Fault: Sendable, Hashable {
        /// What the daemon answered is not what it should be.
        case journal
        /// A file cannot be made, written or read.
        case file
    }

    package let fault: Fault
    package let description: String

    init(_ fault: Fault, _ description: String) {
        self.fault = fault
        self.description = description
    }
}
