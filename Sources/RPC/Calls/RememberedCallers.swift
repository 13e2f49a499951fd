import NIOCore

/// Who was recognized over one connection, by what came in `authorization`: the same bytes need no second look while what
/// was found out still holds, which is for the interceptor to say that found it out.
///
/// `@unchecked Sendable`: what it holds is touched on its connection's event loop only; elsewhere it knows nobody.
public final class RememberedCallers: @unchecked Sendable {
    /// Few, so that an idle connection stays small; one that carries many people's calls replaces one by the other.
    private static let capacity = 16

    private struct Entry {
        let authorization: ByteBuffer
        let caller: RecognizedCaller
    }

    private let eventLoop: any EventLoop
    private var entries: [Entry?] = []

    init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Who was recognized when a call came with the same `authorization`.
    public func caller(of metadata: Metadata) -> RecognizedCaller? {
        guard !entries.isEmpty, eventLoop.inEventLoop, let authorization = metadata.bytes(of: MetadataName.authorization),
            let entry = entries[place(of: authorization)], entry.authorization == authorization
        else { return nil }
        return entry.caller
    }

    public func remember(_ caller: RecognizedCaller, of metadata: Metadata) {
        guard eventLoop.inEventLoop, let authorization = metadata.bytes(of: MetadataName.authorization) else { return }
        if entries.isEmpty { entries = Array(repeating: nil, count: Self.capacity) }
        let own = ByteBuffer(bytes: authorization.readableBytesView)
        entries[place(of: authorization)] = Entry(authorization: own, caller: caller)
    }

    /// Nothing has been going on for a while.
    func forgetAll() {
        entries = []
    }

    /// Tokens differ most near their ends, where their signatures are.
    private func place(of authorization: ByteBuffer) -> Int {
        let end = authorization.readableBytesView.suffix(8).reduce(UInt8(0), &+)
        return Int(end) % Self.capacity
    }
}

/// A caller as his token shows him.
public struct RecognizedCaller: Sendable {
    public let principal: Principal
    /// When that is certain without a second look, in seconds since 1970.
    public let validity: Range<Double>

    public init(principal: Principal, validity: Range<Double>) {
        self.principal = principal
        self.validity = validity
    }
}
