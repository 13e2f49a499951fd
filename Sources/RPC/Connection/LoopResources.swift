import NIOCore

/// What the connections of one event loop share.
struct LoopResources: Sendable {
    let eventLoop: any EventLoop
    let executor: EventLoopExecutor
    let timers: LoopTimers

    init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        executor = EventLoopExecutor(on: eventLoop)
        timers = LoopTimers(on: eventLoop)
    }

    /// The resources of every loop of a group, by loop.
    static func all(of group: any EventLoopGroup) -> [ObjectIdentifier: LoopResources] {
        Dictionary(group.makeIterator().map { (ObjectIdentifier($0), LoopResources(on: $0)) }) { first, _ in first }
    }
}
