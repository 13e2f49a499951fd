import NIOCore

/// What each side tells the other first: what it accepts, and which contract it was built with.
struct Hello: Equatable {
    static let byteCount = 16

    /// Before the peer has said anything.
    static let nothing = Hello(maximumMessageBytes: 0, maximumMetadataBytes: 0, maximumCallsInFlight: 0, contractFingerprint: 0)

    var maximumMessageBytes: UInt32
    var maximumMetadataBytes: UInt16
    var maximumCallsInFlight: UInt16
    /// Hash of the contract; zero where it is not known. Differing ones are no error: contracts grow compatibly.
    var contractFingerprint: UInt64

    func write(to bytes: inout ByteBuffer) {
        bytes.writeFrame(FrameType.hello, flags: FrameFlags.critical) { body in
            body.writeMultipleIntegers(maximumMessageBytes, maximumMetadataBytes, maximumCallsInFlight, contractFingerprint)
        }
    }

    /// Later versions may append fields; they are passed over.
    init(reading frame: Frame) throws(ConnectionFault) {
        var body = frame.body
        guard let (message, metadata, calls, fingerprint) = body.readMultipleIntegers(as: (UInt32, UInt16, UInt16, UInt64).self) else {
            throw ConnectionFault(.protocolError, "HELLO is too short")
        }
        self.init(
            maximumMessageBytes: message, maximumMetadataBytes: metadata, maximumCallsInFlight: calls, contractFingerprint: fingerprint)
    }

    init(maximumMessageBytes: UInt32, maximumMetadataBytes: UInt16, maximumCallsInFlight: UInt16, contractFingerprint: UInt64) {
        self.maximumMessageBytes = maximumMessageBytes
        self.maximumMetadataBytes = maximumMetadataBytes
        self.maximumCallsInFlight = maximumCallsInFlight
        self.contractFingerprint = contractFingerprint
    }
}
