import Foundation
import SeededRandom
import Testing
import Vocabulary

@testable import Import

@Suite(.timeLimit(.minutes(10))) struct ImportFileTests {
    @Test(
        arguments: [
            (Array("name;dob\nÅsa;2000-01-01\n".utf8), nil, "utf-8"),
            ([0xEF, 0xBB, 0xBF] + Array("name;dob\nÅsa;2000-01-01\n".utf8), nil, "utf-8"),
            ([0xFF, 0xFE] + utf16("name;dob\nÅsa;2000-01-01\n"), nil, "utf-16le"),
            ([0xFE, 0xFF] + utf16("name;dob\nÅsa;2000-01-01\n", isLittleEndian: false), nil, "utf-16be"),
            (utf16("name;dob\nÅsa;2000-01-01\n"), "utf-16", "utf-16le"),
            ([0xFF, 0xFE] + utf16("name;dob\nÅsa;2000-01-01\n"), "utf-16", "utf-16le"),
            (Array("name;dob\n".utf8) + [0xC5] + Array("sa;2000-01-01\n".utf8), "windows-1252", "windows-1252"),
            (Array("sep=;\r\nname;dob\r\nÅsa;2000-01-01\r\n".utf8), nil, "utf-8"),
            ([0xEF, 0xBB, 0xBF] + Array("SEP=;\nname;dob\nÅsa;2000-01-01\n".utf8), nil, "utf-8"),
            (Array("name;dob\rÅsa;2000-01-01\r".utf8), nil, "utf-8"),
        ] as [([UInt8], String?, String)])
    func `a file is read as it is written, as often as it is asked for`(bytes: [UInt8], asked: String?, encoding: String) throws {
        try FileToImport.with(bytes) { path in
            let file = try ImportFile(path: path, encoding: asked)
            #expect(file.encoding.description == encoding && file.dialect.delimiter == .semicolon)
            #expect(file.header.fields == ["name", "dob"])
            for _ in 0..<2 {
                var rows = try file.rows()
                #expect(try rows.next()?.fields == ["Åsa", "2000-01-01"])
                #expect(try rows.next() == nil)
            }
        }
    }

    @Test func `the line of a row counts from the first of the file`() throws {
        try FileToImport.with(Array("sep=,\nname,dob\nA,1\n".utf8)) { path in
            let file = try ImportFile(path: path)
            var rows = try file.rows()
            #expect(file.header.line == 2)
            #expect(try rows.next()?.line == 3)
        }
    }

    @Test(
        arguments: [
            ([], nil, "PATH is empty: its first row must name the columns"),
            (Array("name,dob, name \nA,B,C\n".utf8), nil, "PATH, line 1: columns 1 and 3 are both called “name”: rename one of them"),
            (Array("\"name,dob\nA,B\n".utf8), nil, "PATH, line 1: a quote is opened and never closed"),
            (utf16("name,dob\n"), nil, "the file has bytes that are zero: it is no text, or UTF-16, which --encoding utf-16 reads"),
            (utf16("name,dob\n"), "utf-8", "the file is not written in the encoding that --encoding says"),
        ] as [([UInt8], String?, String)])
    func `a file that can't be read is refused in words`(bytes: [UInt8], encoding: String?, description: String) throws {
        try FileToImport.with(bytes) { path in
            let error = #expect(throws: ImportFileError.self) { try ImportFile(path: path, encoding: encoding) }
            #expect(error?.description == description.replacing("PATH", with: path))
        }
    }

    @Test func `columns without a name may be several`() throws {
        try FileToImport.with(Array("name,dob,,\nA,B,,\n".utf8)) { path in
            let file = try ImportFile(path: path)
            #expect(file.header.fields == ["name", "dob", "", ""])
        }
    }

    @Test func `bytes of another encoding stop the file, or their row where the encoding was asked for`() throws {
        let bytes = Array("name,dob\nAda,2000-01-01\n".utf8) + [0xC5] + Array("sa,2000-01-01\n".utf8)
        try FileToImport.with(bytes) { path in
            let plan = try ReadingPlan(.patients, header: ["name", "dob"], options: ReadingOptions())
            let clinic = ClinicFacts(timeZone: "UTC", currency: "INR")
            let today = LocalDate(daysSinceEpoch: 20_000)
            let error = #expect(throws: ImportFileError.notUTF8(path: path, line: 3)) {
                try plan.reader(of: try ImportFile(path: path), clinic: clinic, today: today)
            }
            #expect(error?.description.contains("--encoding windows-1252") == true)
            let asked = try ImportFile(path: path, encoding: "utf-8")
            _ = try plan.reader(of: asked, clinic: clinic, today: today)
            var rows = try asked.rows()
            #expect(try rows.next()?.problem == nil)
            #expect(try rows.next()?.problem == .notUTF8(column: 1))
        }
    }

    @Test func `a pipe is read as often as a file, and leaves nothing behind`() throws {
        let path = NSTemporaryDirectory() + "/pipe-\(UUID().uuidString)"
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        let lines = "name;dob\n" + String(repeating: "Ada;2000-01-01\n", count: 20_000)
        let writer = Thread { Self.write(lines, to: path) }
        writer.start()
        let file = try ImportFile(path: path)
        for _ in 0..<2 {
            var rows = try file.rows()
            var count = 0
            while try rows.next() != nil { count += 1 }
            #expect(count == 20_000)
        }
    }

    @Test(arguments: ["/nowhere/at/all.csv", "/"])
    func `what is no file is named`(path: String) {
        #expect(throws: CSVFileError.self) { try ImportFile(path: path) }
    }

    @Test(arguments: 0..<60)
    func `any bytes are read or refused in words`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let starts: [[UInt8]] = [Array("name,dob,email\n".utf8), [], [0xFF, 0xFE], Array("sep=;\n".utf8)]
        let start = try #require(starts.randomElement(using: &random))
        let encodings: [String?] = [nil, "windows-1252", "utf-16", "utf-8"]
        let encoding = try #require(encodings.randomElement(using: &random))
        try FileToImport.with(start + random.bytes(count: 400)) { path in
            guard let file = try? ImportFile(path: path, encoding: encoding),
                let plan = try? ReadingPlan(.patients, header: file.header.fields, options: ReadingOptions()),
                let reader = try? plan.reader(
                    of: file, clinic: ClinicFacts(timeZone: "UTC", currency: "INR"), today: LocalDate(daysSinceEpoch: 20_000))
            else { return }
            var rows = try file.rows()
            while let row = try rows.next() { if row.problem == nil { _ = try? reader.record(from: row.fields) } }
        }
    }

    private static func write(_ text: String, to path: String) {
        let descriptor = open(path, O_WRONLY)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        close(descriptor)
    }

    private static func utf16(_ text: String, isLittleEndian: Bool = true) -> [UInt8] {
        text.utf16.flatMap { unit in
            let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            return isLittleEndian ? bytes : bytes.reversed()
        }
    }
}
