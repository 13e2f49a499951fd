import NIOCore

/// The frames that a peer sends, as far as they have come, and their account with what the whole server may hold.
struct InboundFrames {
    private var decoder: FrameDecoder
    private let load: ServerLoad?
    /// Bytes of the incomplete frame that `load` knows of.
    private var heldBytes = 0
    /// Whether the frame that is incomplete is another than when this was last asked.
    private var hasCompletedFrame = false

    init(limits: ConnectionLimits, load: ServerLoad?) {
        decoder = FrameDecoder(limits: limits, expecting: .hello)
        self.load = load
    }

    /// Bytes that are kept of what was read.
    var keptBytes: Int { decoder.heldBytes + decoder.unreadBytes }
    var hasUnread: Bool { decoder.unreadBytes > 0 }
    var isInsideFrame: Bool { decoder.isInsideFrame }

    mutating func expect(_ expectation: FrameExpectation) {
        decoder.expectation = expectation
    }

    mutating func append(_ bytes: ByteBuffer) {
        decoder.append(bytes)
    }

    mutating func nextPreface() -> Preface.Reading {
        decoder.nextPreface()
    }

    /// The next frame. What it held as an incomplete one is its call's to account for.
    mutating func next() throws(ConnectionFault) -> Frame? {
        guard let frame = try decoder.nextFrame() else { return nil }
        hasCompletedFrame = true
        if heldBytes > 0 { holdIncompleteFrame() }
        return frame
    }

    mutating func isAnotherFrame() -> Bool {
        defer { hasCompletedFrame = false }
        return hasCompletedFrame
    }

    /// Where all connections together hold too much, a REQUEST that has begun isn't kept but refused.
    mutating func holdIncompleteFrame() {
        let change = decoder.heldBytes - heldBytes
        guard let load, change != 0 else { return }
        heldBytes += change
        guard !load.hold(change, of: decoder.heldBytes), change > 0 else { return }
        decoder.skipRequest()
        load.hold(decoder.heldBytes - heldBytes, of: 0)
        heldBytes = decoder.heldBytes
    }

    /// Nothing more is read.
    mutating func end() {
        decoder.clear()
        holdIncompleteFrame()
    }
}
