/// How much may still be sent on a stream. The sender counts so, and so does the receiver, who holds the sender to it.
///
/// A message may go while any credit is left, and takes off what its frame counts, below zero, too. So whatever was granted is
/// of use, and a receiver never has more in hand than it granted and one message.
package struct StreamCredit {
    /// More is never outstanding.
    static let mostByteCount = Int(Int32.max)

    package private(set) var byteCount: Int

    package init(byteCount: Int) {
        self.byteCount = byteCount
    }

    init(kibibytes: UInt16) {
        byteCount = Int(kibibytes) * 1024
    }

    package var permitsMessage: Bool { byteCount > 0 }

    package mutating func spend(_ messageByteCount: Int) {
        byteCount -= StreamCredit.cost(of: messageByteCount)
    }

    /// False, with nothing done, where more would be outstanding than ever may be.
    package mutating func grant(_ more: Int) -> Bool {
        guard byteCount <= StreamCredit.mostByteCount - more else { return false }
        byteCount += more
        return true
    }

    /// What a message counts: an empty one costs its frame's header.
    package static func cost(of messageByteCount: Int) -> Int {
        FrameHeader.byteCount + messageByteCount
    }
}
