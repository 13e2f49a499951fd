import NIOCore

@testable import RPC

/// A fault built into the simulation on purpose, to show that its oracle notices.
enum SimulatedFault: String, CaseIterable {
    case none
    case dropsBytes
    case repeatsBytes
    case cutsAtTheEnd
    case clientStopsReading
    case losesAnswers
    case answersTwice
    case keepsMemory
    case forgetsToTell
    case neverGrants
    case sendsWithoutCredit
    case repeatsMessages

    /// Does to what an end writes what the fault demands.
    func spoil(_ bytes: inout ByteBuffer, of role: ConnectionCore.Role) {
        guard role == .server, bytes.readableBytes > 60 else { return }
        switch self {
        case .dropsBytes: bytes.moveWriterIndex(to: bytes.writerIndex - 1)
        case .repeatsBytes: bytes.writeImmutableBuffer(bytes)
        default: break
        }
    }
}

/// A connection with both its ends.
final class SimulatedLink {
    unowned let world: Simulation
    let fault: SimulatedFault
    var toServer: SimulatedPipe
    var toClient: SimulatedPipe
    private(set) var client: SimulatedClient! = nil
    private(set) var server: SimulatedServer! = nil
    /// From here on nothing moves.
    var isPartitioned = false
    /// It met with something that may cost answers.
    var isUnlucky = false
    /// By when it must be closed, once it is drained.
    var mustCloseBy: NIODeadline?
    var closedAt: NIODeadline?

    var time: SimulatedTime { world.time }

    init(in world: Simulation) {
        self.world = world
        fault = world.fault
        toServer = SimulatedPipe(capacity: world.plan.pipeCapacity)
        toClient = SimulatedPipe(capacity: world.plan.pipeCapacity)
    }

    func open() {
        client = SimulatedClient(link: self)
        server = SimulatedServer(link: self)
        client.core.opened(at: time.now)
        server.core.opened(at: time.now)
        client.settle()
        server.settle()
    }

    var isClosed: Bool { client.isClosed && server.isClosed }

    func reset() {
        isUnlucky = true
        toServer.reset()
        toClient.reset()
        client.close()
        server.close()
    }

    func partition() {
        isUnlucky = true
        isPartitioned = true
    }

    func stall(_ end: SimulatedEnd, for duration: TimeAmount, isShort: Bool) {
        guard !end.isStalled else { return }
        if !isShort { isUnlucky = true }
        end.isStalled = true
        time.after(duration) {
            end.isStalled = false
            end.readSoon()
        }
    }
}
