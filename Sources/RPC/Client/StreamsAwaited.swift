/// What the server may still send on the streams of a client's connection.
struct StreamsAwaited {
    private var credits: [UInt32: StreamCredit] = [:]
    /// Bytes that may still come for streams that were given up: they were on their way.
    private var lateByteCount = 0

    mutating func begin(_ streamID: UInt32, _ credit: StreamCredit) {
        credits[streamID] = credit
    }

    mutating func end(_ streamID: UInt32) {
        guard !credits.isEmpty else { return }
        credits[streamID] = nil
    }

    mutating func endAll(above streamID: UInt32) {
        credits = credits.filter { $0.key <= streamID }
    }

    /// The server may use up what it was granted until it hears of it.
    mutating func giveUp(_ streamID: UInt32, maximumMessageBytes: Int) {
        guard !credits.isEmpty, let credit = credits.removeValue(forKey: streamID), credit.permitsMessage else { return }
        lateByteCount += credit.byteCount + StreamCredit.cost(of: maximumMessageBytes)
    }

    /// A message has come. False where it may not: the stream has no credit, or none was wanted.
    mutating func spend(_ messageByteCount: Int, of streamID: UInt32) -> Bool {
        guard credits[streamID]?.permitsMessage == true else { return false }
        credits[streamID]?.spend(messageByteCount)
        return true
    }

    /// A message has come for a stream that is no more. False where more has come than was on its way.
    mutating func passOver(_ messageByteCount: Int) -> Bool {
        lateByteCount -= StreamCredit.cost(of: messageByteCount)
        return lateByteCount >= 0
    }

    /// False where the stream is no more.
    mutating func grant(_ byteCount: Int, to streamID: UInt32) -> Bool {
        credits[streamID]?.grant(byteCount) ?? false
    }
}
