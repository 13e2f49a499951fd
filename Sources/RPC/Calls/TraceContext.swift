/// Where a call stands in a distributed trace (W3C Trace Context, version 00).
public struct TraceContext: Sendable, Hashable {
    public let traceIDHigh: UInt64
    public let traceIDLow: UInt64
    /// The caller's span.
    public let spanID: UInt64
    /// Bit 0: sampled.
    public let flags: UInt8

    /// Nil where an id is zero, which means "none".
    public init?(traceIDHigh: UInt64, traceIDLow: UInt64, spanID: UInt64, flags: UInt8) {
        guard traceIDHigh | traceIDLow != 0, spanID != 0 else { return nil }
        self.traceIDHigh = traceIDHigh
        self.traceIDLow = traceIDLow
        self.spanID = spanID
        self.flags = flags
    }

    /// Reads `00-<32 hex>-<16 hex>-<2 hex>`; nil for anything else. Of a later version only these parts are read, and more may
    /// follow them behind a `-`; version `ff` is none. Of the flags only `sampled` has a meaning here.
    public init?(traceparent: String) {
        let parts = traceparent.split(separator: "-", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].utf8.count == 2, let version = UInt64(lowerHex: parts[0]), version != 0xFF,
            version > 0 || parts.count == 4,
            parts[1].utf8.count == 32, parts[2].utf8.count == 16, parts[3].utf8.count == 2,
            let high = UInt64(lowerHex: parts[1].prefix(16)), let low = UInt64(lowerHex: parts[1].suffix(16)),
            let span = UInt64(lowerHex: parts[2]), let flags = UInt64(lowerHex: parts[3])
        else { return nil }
        self.init(traceIDHigh: high, traceIDLow: low, spanID: span, flags: UInt8(truncatingIfNeeded: flags) & TraceContext.sampled)
    }

    /// The flag of a trace whose spans somebody wants to keep.
    static let sampled: UInt8 = 1

    /// Whether somebody wants to keep the spans of this trace, in every process that it comes to.
    public var isSampled: Bool { flags & TraceContext.sampled != 0 }

    /// The same place in the trace, whose spans are kept from here on.
    public func asSampled() -> TraceContext {
        TraceContext(traceIDHigh: traceIDHigh, traceIDLow: traceIDLow, spanID: spanID, flags: flags | TraceContext.sampled) ?? self
    }

    /// A new trace that nobody has asked to sample.
    public static func fresh() -> TraceContext {
        var random = SystemRandomNumberGenerator()
        return fresh(using: &random)
    }

    static func fresh(using random: inout some RandomNumberGenerator) -> TraceContext {
        let context = TraceContext(traceIDHigh: random.next(), traceIDLow: random.next(), spanID: random.next(), flags: 0)
        return context ?? fresh(using: &random)
    }

    /// The same trace, one hop on.
    public func nextHop() -> TraceContext {
        nextHop(spanID: SpanIDs.next())
    }

    /// The id of the span in which this process answers the call that came with this context: the same whenever it is asked
    /// for, so that it need not be kept, and another one in each process.
    public var answeringSpanID: UInt64 { SpanIDs.answering(spanID) }

    /// The span in which this process answers the call that came with this context.
    public var answering: TraceContext { nextHop(spanID: answeringSpanID) }

    func nextHop(spanID: UInt64) -> TraceContext {
        TraceContext(traceIDHigh: traceIDHigh, traceIDLow: traceIDLow, spanID: spanID, flags: flags) ?? self
    }

    /// The span's id, 16 hex digits.
    public static func text(ofSpan spanID: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { text in
            spanID.writeHex(to: text[0..<16])
            return 16
        }
    }

    /// The trace's id, 32 hex digits.
    public var traceID: String {
        String(unsafeUninitializedCapacity: 32) { text in
            writeTraceID(to: text[...])
            return 32
        }
    }

    /// The header's value, `00-…-…-00`.
    public var traceparent: String {
        String(unsafeUninitializedCapacity: 55) { text in
            for place in [2, 35, 52] { text.initializeElement(at: place, to: UInt8(ascii: "-")) }
            UInt64(0).writeHex(to: text[0..<2])
            writeTraceID(to: text[3..<35])
            spanID.writeHex(to: text[36..<52])
            UInt64(flags).writeHex(to: text[53..<55])
            return 55
        }
    }

    /// Appends the trace's id, 32 hex digits.
    func appendTraceID(to text: inout [UInt8]) {
        traceIDHigh.appendHex(to: &text)
        traceIDLow.appendHex(to: &text)
    }

    private func writeTraceID(to text: Slice<UnsafeMutableBufferPointer<UInt8>>) {
        traceIDHigh.writeHex(to: text.prefix(16))
        traceIDLow.writeHex(to: text.dropFirst(16).prefix(16))
    }
}

extension UInt64 {
    fileprivate init?(lowerHex text: Substring) {
        let isLowerHex = text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        guard isLowerHex, let value = UInt64(text, radix: 16) else { return nil }
        self = value
    }

    /// Fills memory with the last digits in base 16.
    fileprivate func writeHex(to text: Slice<UnsafeMutableBufferPointer<UInt8>>) {
        var rest = self
        for place in text.indices.reversed() {
            text.base.initializeElement(at: place, to: rest.lastHexDigit)
            rest >>= 4
        }
    }

    /// Appends all sixteen digits in base 16.
    fileprivate func appendHex(to text: inout [UInt8]) {
        UInt32(truncatingIfNeeded: self >> 32).appendHex(to: &text)
        UInt32(truncatingIfNeeded: self).appendHex(to: &text)
    }

    private var lastHexDigit: UInt8 {
        let digit = UInt8(truncatingIfNeeded: self & 15)
        return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
    }
}

extension UInt32 {
    /// Appends all eight digits in base 16, in one piece.
    fileprivate func appendHex(to text: inout [UInt8]) {
        withUnsafeBytes(of: hexDigits.bigEndian) { text.append(contentsOf: $0) }
    }

    /// Its eight digits in base 16 as ASCII, the first in the highest byte.
    private var hexDigits: UInt64 {
        var spread = UInt64(self)
        spread = (spread | spread << 16) & 0x0000_FFFF_0000_FFFF
        spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF
        spread = (spread | spread << 4) & 0x0F0F_0F0F_0F0F_0F0F
        let isLetter = (spread + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return spread + 0x3030_3030_3030_3030 + isLetter * UInt64(UInt8(ascii: "a") - 10 - UInt8(ascii: "0"))
    }
}
