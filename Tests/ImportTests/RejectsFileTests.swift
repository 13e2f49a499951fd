import Foundation
import HMSTestKit
import Testing

@testable import Import

@Suite(.timeLimit(.minutes(10))) struct RejectsFileTests {
    @Test(arguments: [
        (",", "name,dob", " \"A,\"\"B\" ,x"),
        (",", "name,dob", "only"),
        (",", "name,dob", "\"open,x"),
        (",", "name,dob", "1,2,3"),
        (",", "name,dob", "\"two\nlines\",x"),
        (";", "\"name\";dob", "A,B;1.2.2000"),
        ("\t", "name\tdob", "A\t"),
        ("|", "name|dob", ""),
    ])
    func `a refused row stays as it stood, and is found again when it is refused again`(
        separator: Character, header: String, row: String
    ) throws {
        let byte = try #require(separator.asciiValue)
        let first = try Self.written(header, [(row, "has \"quotes\"\nand lines")], byte)
        #expect(first == "\(header)\(separator)line\(separator)reason\n\(row)\(separator)7\(separator)\"has 'quotes' and lines\"\n")
        let kept = "\(row)\(separator)7\(separator)\"has 'quotes' and lines\""
        let again = try Self.written("\(header)\(separator)line\(separator)reason", [(kept, "new")], byte)
        #expect(again == "\(header)\(separator)line\(separator)reason\n\(row)\(separator)7\(separator)\"new\"\n")
    }

    @Test(arguments: ["A,x,4,plain words", "A,x,\"4\",\"quoted, words\"", "A,x,4,"])
    func `columns of our own that a spreadsheet has written anew are known`(row: String) throws {
        #expect(try Self.written("name,dob,line,reason", [(row, "new")]) == "name,dob,line,reason\nA,x,7,\"new\"\n")
    }

    @Test func `a row that has lost our columns keeps all it has`() throws {
        #expect(try Self.written("name,dob,line,reason", [("A,x", "new")]) == "name,dob,line,reason\nA,x,7,\"new\"\n")
    }

    @Test(arguments: [
        ("patients.csv", "patients-rejects.csv"), ("/somewhere/else/p.x.csv", "p.x-rejects.csv"), ("visits.txt", "visits-rejects.txt"),
        ("visits", "visits-rejects.csv"), ("patients-rejects.csv", "patients-rejects.csv"),
        ("patients-rejects-12.csv", "patients-rejects.csv"), ("my-rejects-of-2020.csv", "my-rejects-of-2020-rejects.csv"),
    ])
    func `refused rows go to a file named after what is imported`(imported: String, rejects: String) {
        #expect(RejectsPlace.beside(imported).candidates.first == rejects)
    }

    @Test func `a file that is there is never touched, and the next free name is taken`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("work", to: "p-rejects.csv")
        _ = try folder.write("more work", to: "p-rejects-2.csv")
        let file = try RejectsFile(.beside("p.csv", in: folder.path), header: Self.row("a"))
        #expect(file.path == folder.path + "/p-rejects-3.csv")
        #expect(!FileManager.default.fileExists(atPath: file.path))
        // Somebody else is faster.
        _ = try folder.write("theirs", to: "p-rejects-3.csv")
        try file.add(Self.row("x"), reason: "no")
        #expect(file.path == folder.path + "/p-rejects-4.csv")
        #expect(try folder.read("p-rejects-4.csv") == "a,line,reason\nx,7,\"no\"\n")
        #expect(try folder.read("p-rejects.csv") + folder.read("p-rejects-2.csv") + folder.read("p-rejects-3.csv") == "workmore worktheirs")
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
    }

    @Test func `a file that was named is there from the start, and must not have been there before`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/mine.csv"
        _ = try RejectsFile(.named(path), header: Self.row("a"))
        #expect(try folder.read("mine.csv") == "a,line,reason\n")
        #expect(throws: RejectsFileError.exists(path)) { try RejectsFile(.named(path), header: Self.row("a")) }
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/link.csv", withDestinationPath: "/nowhere")
        #expect(throws: RejectsFileError.exists(folder.path + "/link.csv")) {
            try RejectsFile(.named(folder.path + "/link.csv"), header: Self.row("a"))
        }
    }

    @Test func `a folder that can't be written to is told before the first row`() {
        #expect(throws: RejectsFileError.notWritable("/nowhere/at/p-rejects.csv")) {
            try RejectsFile(.beside("p.csv", in: "/nowhere/at"), header: Self.row("a"))
        }
    }

    @Test func `what is refused is in the encoding of what is imported`() throws {
        let folder = try TemporaryFolder()
        let file = try RejectsFile(.beside("p.csv", in: folder.path), header: Self.row("a")) { $0 + $0 }
        try file.add(Self.row("x"), reason: "no")
        #expect(try folder.read("p-rejects.csv") == "a,line,reason\na,line,reason\nx,7,\"no\"\nx,7,\"no\"\n")
    }

    /// What the file of refused rows holds, all of line 7.
    private static func written(_ header: String, _ rows: [(String, String)], _ separator: UInt8 = ASCII.comma) throws -> String {
        let folder = try TemporaryFolder()
        let names = header.split(separator: Character(Unicode.Scalar(separator))).map(String.init)
        let file = try RejectsFile(
            .beside("p.csv", in: folder.path), header: CSVRow(line: 1, fields: names, raw: Array(header.utf8)), separator: separator)
        for (row, reason) in rows { try file.add(Self.row(row), reason: reason) }
        try file.close()
        return try folder.read("p-rejects.csv")
    }

    private static func row(_ text: String) -> CSVRow {
        CSVRow(line: 7, fields: [text], raw: Array(text.utf8))
    }
}
