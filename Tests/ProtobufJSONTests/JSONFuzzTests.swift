import Contracts
import ProtobufC
import ProtobufJSON
import SeededRandom
import Testing

@Suite("Hostile JSON")
struct JSONFuzzTests {
    private static let document = Array(
        """
        {"patients":[{"patient_id":"pat_1","name":"Zoë \\u00e9 \\ud83d\\ude00","email":null,"phone":"+91 22","dob":"1990-01-31",
        "allergies":["penicillin","nuts"],"status":"ACTIVE","created_at":"2026-01-31T15:00:00.25+05:30","version":"3"},
        {"version":-1.5e1,"status":2}],"next_page_token":""}
        """.utf8)

    /// A document that is taken must come back the same from what is written of it.
    private func confirm(_ json: [UInt8]) {
        for options in [JSONOptions.api, .standard] {
            guard let message = try? ListPatientsResponse(json: json, options: options) else { continue }
            guard let written = try? message.json(options: options) else { continue }
            let again = try? ListPatientsResponse(json: written, options: options)
            #expect(again == message)
        }
    }

    @Test func `every truncated document is refused`() {
        for count in 0..<Self.document.count {
            #expect(throws: JSONDecodingError.self) { try ListPatientsResponse(json: Array(Self.document.prefix(count))) }
        }
    }

    @Test func `a document with flipped bits is refused or read as what it says`() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<3000 {
            var json = Self.document
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                json[Int.random(in: json.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            confirm(json)
        }
    }

    @Test func `random bytes and random tokens do no harm`() {
        var random = SplitMix64(seed: 2)
        let tokens = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "-1", "1e9", "\"name\"", "\"patients\"", "\"\\ud800\"", " ", "\u{e9}",
            "0",
        ]
        for _ in 0..<3000 {
            confirm((0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) })
            let text = (0..<Int.random(in: 1...30, using: &random)).compactMap { _ in tokens.randomElement(using: &random) }.joined()
            confirm(Array(text.utf8))
            #expect((try? ProtobufValue(json: text).json()).map { !$0.isEmpty } ?? true)
        }
    }

    @Test func `pieces cut out, doubled and moved do no harm`() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<2000 {
            var json = Self.document
            let start = Int.random(in: json.indices, using: &random)
            let piece = json[start..<min(json.count, start + Int.random(in: 1...40, using: &random))]
            if Bool.random(using: &random) { json.removeSubrange(piece.indices) }
            json.insert(contentsOf: piece, at: Int.random(in: 0...json.count, using: &random))
            confirm(json)
        }
    }

    @Test func `random messages come back from their JSON`() throws {
        var random = SplitMix64(seed: 4)
        let scalars = Array("aZ09\"\\/\n\u{0}\u{1F}\u{7F}é😀\u{2028}\u{FFFF}".unicodeScalars)
        func text() -> String {
            var text = ""
            for _ in 0..<Int.random(in: 0...20, using: &random) { text.unicodeScalars.append(scalars.randomElement(using: &random) ?? "a") }
            return text
        }
        for _ in 0..<500 {
            let patient = Patient(
                patientID: text(), name: text(), email: Bool.random(using: &random) ? text() : nil, dob: text(),
                allergies: (0..<3).map { _ in text() }, status: PatientStatus(rawValue: Int32.random(in: -1...3, using: &random)),
                createdAt: ProtobufTimestamp(
                    seconds: Int64.random(in: -62_135_596_800...253_402_300_799, using: &random),
                    nanos: Int32.random(in: 0...999_999_999, using: &random)), version: Int64.random(in: .min ... .max, using: &random))
            for options in [JSONOptions.api, .standard] {
                #expect(try Patient(json: patient.json(options: options), options: options) == patient)
            }
        }
    }
}
