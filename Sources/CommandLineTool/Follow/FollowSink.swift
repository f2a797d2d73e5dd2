import BookExport
import Glibc
import LineProtocol

/// Where a follower's lines go, and the place that says how far they are.
struct FollowSink {
    private let placePath: String
    /// nil where lines go to standard output.
    private let file: FollowFile?
    /// The last entry that was passed on.
    private(set) var place: FollowPlace

    /// Standard output where `output` is nil.
    init(output: String?, place: FollowPlace, placePath: String) throws {
        self.placePath = placePath
        guard let output else {
            guard place.output == nil else {
                throw Misuse("the place \(placePath) belongs to a file of lines; name that with --output")
            }
            // A reader that goes away is seen by writing to it.
            signal(SIGPIPE, SIG_IGN)
            (file, self.place) = (nil, place)
            return
        }
        let file = try FollowFile(path: output, place: place)
        if file.cut > 0 {
            Terminal.writeError("\(output): \(file.cut) bytes behind the place were cut off; their lines come again\n")
        }
        var begin = place
        begin.output = file.length
        // Before the first line, so that a crash behind it is known to have come from here.
        try begin.write(path: placePath)
        (self.file, self.place) = (file, begin)
    }

    /// Writes entries of JOURNAL, and then moves the place behind them. Throws where they are not those that follow.
    mutating func pass(on entries: [JSONText]) throws {
        var next = place
        var lines: [UInt8] = []
        for entry in entries {
            next = try next.advanced(by: entry)
            lines += try FollowPlace.entryLine(entry)
        }
        if let file {
            try file.append(lines)
            next.output = file.length
        } else {
            try StandardOutput.write(lines)
        }
        try next.write(path: placePath)
        place = next
    }
}

/// Standard output, where it matters whether what is written was taken.
private enum StandardOutput {
    /// Throws ``ReaderGone`` where nobody reads any more.
    static func write(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(STDOUT_FILENO, $0.baseAddress?.advanced(by: done), bytes.count - done)
            }
            if count >= 0 {
                done += count
            } else if errno == EPIPE {
                throw ReaderGone()
            } else if errno != EINTR {
                throw Misuse("standard output cannot be written: \(SystemError.last)")
            }
        }
    }
}

/// Nobody reads what is written.
struct ReaderGone: Error {}
