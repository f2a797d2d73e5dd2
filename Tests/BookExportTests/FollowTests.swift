import Foundation
import LineProtocol
import Testing

@testable import BookExport

/// A follower may be killed between any two steps; the output then has each line once all the same.
@Suite final class FollowTests {
    private let directory: String
    private var place: String { directory + "/place" }
    private var output: String { directory + "/lines" }

    init() throws { directory = try SampleEntries.directory() }
    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func json(_ sequence: Int64) throws -> JSONText {
        try SampleEntries.json(sequence, "APPROPRIATE", on: "2024-01-01", "1.00", [])
    }

    private func line(_ sequence: Int64) throws -> [UInt8] { try FollowPlace.entryLine(json(sequence)) }

    private func standing() throws -> String { try String(contentsOfFile: output, encoding: .utf8) }

    private func expected(_ sequences: ClosedRange<Int64>) throws -> String {
        String(decoding: try sequences.flatMap { try line($0) }, as: UTF8.self)
    }

    /// Follows up to an entry, as if no more came, and answers where it stands.
    @discardableResult
    private func follow(through last: Int64) throws -> FollowPlace {
        var standing = try FollowPlace.read(path: place, tenant: "harbour")
        let file = try FollowFile(path: output, place: standing)
        standing.output = file.length
        try standing.write(path: place)
        while standing.sequence < last {
            let entry = try json(standing.sequence + 1)
            try file.append(FollowPlace.entryLine(entry))
            standing = try standing.advanced(by: entry)
            standing.output = file.length
            try standing.write(path: place)
        }
        return standing
    }

    @Test func aFollowerGoesOnWhereItStopped() throws {
        try follow(through: 3)
        try follow(through: 3)
        let end = try follow(through: 5)
        #expect(end.sequence == 5)
        #expect(try standing() == expected(1...5))
    }

    @Test(arguments: [1, 40, 1_000]) func whatStandsBehindThePlaceIsCutOff(bytes: Int) throws {
        try follow(through: 2)
        // The lines were written, the place was not: whole ones or a part.
        let tail = try (line(3) + line(4) + line(5)).prefix(bytes)
        let handle = try #require(FileHandle(forWritingAtPath: output))
        try handle.seekToEnd()
        try handle.write(contentsOf: tail)
        try handle.close()
        let file = try FollowFile(path: output, place: .read(path: place, tenant: "harbour"))
        #expect(file.cut == tail.count)
        #expect(try standing() == expected(1...2))
    }

    @Test func aCrashBehindTheFirstLinesIsMendedToo() throws {
        try follow(through: 0)
        try Data(line(1)).write(to: URL(filePath: output))
        try follow(through: 2)
        #expect(try standing() == expected(1...2))
    }

    @Test func aPlaceThatWasBeingWrittenChangesNothing() throws {
        try follow(through: 2)
        try Data("{\"format\":".utf8).write(to: URL(filePath: place + ".part-1"))
        try follow(through: 3)
        #expect(try standing() == expected(1...3))
    }

    @Test func aFileThatWasMovedAwayIsFollowedByANewOne() throws {
        try follow(through: 2)
        try FileManager.default.moveItem(atPath: output, toPath: output + ".1")
        try follow(through: 4)
        #expect(try standing() == expected(3...4))
    }

    @Test func aFileThatLacksLinesIsRefused() throws {
        try follow(through: 2)
        try Data(line(1)).write(to: URL(filePath: output))
        let error = #expect(throws: BookError.self) { try follow(through: 3) }
        #expect(error?.description.contains("lines are missing in it") == true)
    }

    @Test func aFileOfWhichThePlaceKnowsNothingIsRefused() throws {
        try Data("mine".utf8).write(to: URL(filePath: output))
        #expect(throws: BookError.self) { try follow(through: 1) }
        #expect(try standing() == "mine")
    }

    @Test func twoFollowersOfOneFileAreRefused() throws {
        let first = try FollowFile(path: output, place: .beginning(of: "harbour"))
        let error = #expect(throws: BookError.self) { try FollowFile(path: output, place: .beginning(of: "harbour")) }
        #expect(error?.description.hasSuffix("is in use by another follower") == true)
        #expect(first.length == 0)
    }

    @Test func aDirectoryIsNoOutput() {
        #expect(throws: BookError.self) { try FollowFile(path: directory, place: .beginning(of: "harbour")) }
    }

    // MARK: The place

    @Test func aPlaceIsReadAsItWasWritten() throws {
        let written = try follow(through: 2)
        #expect(try FollowPlace.read(path: place, tenant: "harbour") == written)
        #expect(try FollowPlace.read(path: place + "2", tenant: "harbour") == .beginning(of: "harbour"))
        #expect(throws: BookError.self) { try FollowPlace.read(path: place, tenant: "quay") }
    }

    @Test(arguments: [
        "", "{}", "grantledger", #"{"format":"grantledger-place-1","tenant":"harbour","seq":1,"hash":null,"output":0}"#,
    ])
    func whatIsNoPlaceIsRefused(text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: place))
        #expect(throws: BookError.self) { try FollowPlace.read(path: place, tenant: "harbour") }
    }

    @Test func anotherJournalIsRefused() throws {
        let standing = try follow(through: 2)
        try standing.check(json(2))
        #expect(throws: BookError.self) { try standing.check(nil) }
        #expect(throws: BookError.self) { try standing.check(json(1)) }
        #expect(throws: BookError.self) { try standing.advanced(by: json(4)) }
    }
}
