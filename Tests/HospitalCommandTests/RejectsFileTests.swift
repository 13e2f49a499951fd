import Foundation
import HospitalCommand
import Testing

@Suite(.timeLimit(.minutes(10))) struct RejectsFileTests {
    @Test func `refused rows keep their columns, and say where and why`() throws {
        try Self.withFile(header: ["name", "dob"]) { file, read in
            try file.add(CSVRow(line: 3, fields: ["A,B", "x"]), reason: "dob: no date")
            try file.add(CSVRow(line: 5, fields: ["only"], problem: .columnCount(expected: 2, found: 1)), reason: "too few")
            try file.add(CSVRow(line: 6, fields: ["1", "2", "3"], problem: .columnCount(expected: 2, found: 3)), reason: "too many")
            #expect(file.count == 3)
            #expect(
                try read() == """
                    name,dob,line,reason
                    "A,B",x,3,dob: no date
                    only,,5,too few
                    1,"2,3",6,too many

                    """)
        }
    }

    @Test func `rejects that are imported again do not pile up columns`() throws {
        try Self.withFile(header: ["name", "dob", "line", "reason"]) { file, read in
            try file.add(CSVRow(line: 2, fields: ["A", "x", "17", "old"]), reason: "new")
            #expect(try read() == "name,dob,line,reason\nA,x,2,new\n")
        }
    }

    @Test func `a file that can't be written is named`() {
        #expect(throws: RejectsFileError.self) { try RejectsFile(path: "/nowhere/at/all.csv", header: ["a"]) }
    }

    private static func withFile(header: [String], _ body: (RejectsFile, () throws -> String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "/rejects-\(UUID().uuidString).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(try RejectsFile(path: path, header: header)) { try String(contentsOfFile: path, encoding: .utf8) }
    }
}
