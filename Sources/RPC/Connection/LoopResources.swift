import NIOCore

/// What everything on one event loop shares: its executor and its timers.
struct LoopResources: Sendable {
    let executor: EventLoopExecutor

    init(on eventLoop: any EventLoop) {
        executor = EventLoopExecutor.of(eventLoop)
    }

    var eventLoop: any EventLoop { executor.eventLoop }
    var timers: LoopTimers { executor.timers }

    /// The resources of every loop of a group, by loop.
    static func all(of group: any EventLoopGroup) -> [ObjectIdentifier: LoopResources] {
        Dictionary(group.makeIterator().map { (ObjectIdentifier($0), LoopResources(on: $0)) }) { first, _ in first }
    }
}
