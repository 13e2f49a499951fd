import ArgumentParser
import Contracts
import ProtobufC

/// Encoding and decoding a patient, beside libprotobuf-c alone.
struct CodecBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "codec", abstract: "Encodes and decodes a patient: Swift values, checks and all, beside libprotobuf-c with an arena.")

    @Option(help: "Rounds, theirs and ours in turn.")
    var rounds = 11

    @Option(help: "Messages a round.")
    var count = 200_000

    func run() throws {
        let bytes = Self.patient.protobuf()
        let floor = try CodecFloor(bytes)
        var figures = CodecFigures()
        try round(floor, bytes, count / 10, into: &figures)  // warms up
        figures = CodecFigures()
        for _ in 0..<rounds { try round(floor, bytes, count, into: &figures) }
        print(figures.table(messageBytes: bytes.count))
    }

    private func round(_ floor: CodecFloor, _ bytes: [UInt8], _ count: Int, into figures: inout CodecFigures) throws {
        figures.floorEncode.add(nanoseconds(count) { floor.encode() })
        figures.floorDecode.add(try nanoseconds(count) { try floor.decode() })
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
        defer { output.deallocate() }
        figures.encode.add(nanoseconds(count) { Self.encode(into: output) })
        let decodeTime = try bytes.withUnsafeBytes { bytes in
            try nanoseconds(count) { try Self.decode(bytes) }
        }
        figures.decode.add(decodeTime)
    }

    private static func encode(into output: UnsafeMutableRawBufferPointer) {
        patient.withPacked { packed in _ = packed.write(to: output) }
    }

    private static func decode(_ bytes: UnsafeRawBufferPointer) throws {
        guard try Patient(protobuf: bytes).version == patient.version else { throw CodecFloor.Wrong() }
    }

    private func nanoseconds(_ count: Int, _ work: () throws -> Void) rethrows -> Double {
        let duration = try ContinuousClock().measure {
            for _ in 0..<count { try work() }
        }
        return duration / .nanoseconds(1) / Double(count)
    }

    /// An ordinary patient, of about 200 bytes.
    private static let patient = Patient(
        patientID: "pat_01jd8m3k7q2w5x9zr4t6y8b1ca", name: "Meera Krishnamurthy-Iyer", email: "meera.krishnamurthy@example.org",
        phone: "+91 98400 12345", dob: "1984-02-29", allergies: ["penicillin", "peanuts", "latex"], status: .active,
        createdAt: ProtobufTimestamp(seconds: 1_795_000_000, nanos: 123_000_000), version: 7)
}

/// What the rounds gave, in nanoseconds.
private struct CodecFigures {
    var floorEncode = Rounds()
    var floorDecode = Rounds()
    var encode = Rounds()
    var decode = Rounds()

    func table(messageBytes: Int) -> String {
        let floor = floorEncode.median + floorDecode.median
        let ours = encode.median + decode.median
        return """
            A patient of \(messageBytes) bytes, ns per message, median (min–max):
              libprotobuf-c, arena   pack \(floorEncode.summary)   unpack \(floorDecode.summary)
              Swift values, checked  encode \(encode.summary)   decode \(decode.summary)
              ratio of the sums: \((ours / floor * 100).rounded() / 100)
            """
    }
}
