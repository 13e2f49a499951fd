import Synchronization

/// What a whole server has taken on, over all connections: calls in flight, and the bytes that their requests,
/// incomplete frames and unread answers hold. What is over a limit isn't taken on. How many calls those are is found by how long
/// they wait: see ``Admission``.
///
/// Calls and bytes share one number, so that a call costs one addition on its way in and one on its way out.
final class ServerLoad: Sendable {
    /// Requests from this size on may fill three quarters of the room only, so that few large ones, perhaps never
    /// finished, can't keep out the many small ones.
    static let largeRequestBytes = 64 * 1024
    private static let oneCall = 1 << 40

    let admission: Admission
    private let maximumBytes: Int
    private let maximumStreams: Int
    private let sum = Atomic<Int>(0)
    private let streams = Atomic<Int>(0)
    private let shed = Atomic<Int>(0)

    /// A server that takes on as many calls as that, however long they wait.
    convenience init(maximumCalls: Int, maximumBytes: Int, maximumStreams: Int = 256) {
        self.init(Admission(always: maximumCalls), maximumBytes: maximumBytes, maximumStreams: maximumStreams)
    }

    init(_ admission: Admission, maximumBytes: Int, maximumStreams: Int) {
        self.admission = admission
        self.maximumStreams = maximumStreams
        self.maximumBytes = maximumBytes
    }

    /// Takes on a call; false where it is one too many, or its request too large.
    func admit(bytes: Int, _ priority: CallPriority = .ordinary) -> Bool {
        let sum = sum.add(ServerLoad.oneCall + bytes, ordering: .relaxed).newValue
        guard ServerLoad.calls(in: sum) > admission.room(for: priority) || ServerLoad.bytes(in: sum) > room(for: bytes) else { return true }
        release(bytes: bytes)
        return false
    }

    func release(bytes: Int) {
        sum.subtract(ServerLoad.oneCall + bytes, ordering: .relaxed)
    }

    /// A call was turned down because too much is in flight, here or on its connection.
    func noteShed() {
        shed.wrappingAdd(1, ordering: .relaxed)
    }

    /// Takes on a call that is answered by a stream and was admitted as a call; false where it is one too many.
    func admitStream() -> Bool {
        guard streams.add(1, ordering: .relaxed).newValue > maximumStreams else { return true }
        releaseStream()
        return false
    }

    func releaseStream() {
        streams.subtract(1, ordering: .relaxed)
    }

    /// Counts bytes that are there, or no longer. Answers false where all together are more than a piece of `size` may
    /// be kept among; they are counted nonetheless.
    @discardableResult
    func hold(_ bytes: Int, of size: Int) -> Bool {
        ServerLoad.bytes(in: sum.add(bytes, ordering: .relaxed).newValue) <= room(for: size)
    }

    /// Since the start.
    var callsShed: Int { shed.load(ordering: .relaxed) }
    var callsInFlight: Int { ServerLoad.calls(in: sum.load(ordering: .relaxed)) }
    var streamsInFlight: Int { streams.load(ordering: .relaxed) }
    var heldBytes: Int { ServerLoad.bytes(in: sum.load(ordering: .relaxed)) }

    private func room(for size: Int) -> Int {
        size < ServerLoad.largeRequestBytes ? maximumBytes : maximumBytes / 4 * 3
    }

    private static func calls(in sum: Int) -> Int { sum / oneCall }
    private static func bytes(in sum: Int) -> Int { sum % oneCall }
}
