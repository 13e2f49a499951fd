import NIOCore

@testable import RPC

/// What must hold, whatever the seed.
extension Simulation {
    /// At every step: nobody holds more than agreed, and what is drained is closed in time.
    func checkBounds() {
        for link in links where !link.isClosed {
            check(link.client)
            check(link.server)
            if let end = link.mustCloseBy, end < time.now, !link.server.isClosed { complaints.append("a drain outlasted its grace") }
        }
        for call in calls where call.reader?.isOverfull == true { complaints.append("more came than was granted") }
        if load.callsInFlight > plan.maximumCalls { complaints.append("more calls are in flight than the server takes on") }
        if load.heldBytes > plan.maximumHeldBytes + links.count * allowance {
            complaints.append("the server holds \(load.heldBytes) bytes of \(plan.maximumHeldBytes)")
        }
    }

    /// One read, what was begun before the mark was passed, and one frame.
    private var allowance: Int {
        plan.cut.upperBound + largestFrame + plan.limits.outboundHighWaterBytes + plan.limits.maximumCallsInFlight * largestFrame
    }

    private var largestFrame: Int { SimulationPlan.largestFrame }

    private func check(_ end: SimulatedEnd) {
        let inbound = end.core.inboundBytes
        if inbound > largestFrame + plan.cut.upperBound { complaints.append("\(inbound) bytes are kept of what was read") }
        let written = end.unsent.readableBytes
        let most = plan.limits.outboundHighWaterBytes + largestFrame + (end.core.role == .server ? 8 * largestFrame : 2000)
        if written > most { complaints.append("\(written) bytes wait to be read") }
    }

    /// In the end: each call has ended once, truly, and nothing is left.
    func checkEnd() {
        for call in calls { check(call) }
        for link in links {
            if !link.isClosed { complaints.append("a connection is open for good") }
            checkTold(link.server)
            if link.server.wasCutOff, !link.isUnlucky { complaints.append("a peer that reads was cut off") }
        }
        if load.callsInFlight != 0 || load.heldBytes != 0 || load.streamsInFlight != 0 {
            complaints.append("\(load.callsInFlight) calls, \(load.streamsInFlight) streams and \(load.heldBytes) bytes are left")
        }
        if !running.isEmpty { complaints.append("handlers are left") }
    }

    private func check(_ call: SimulatedCall) {
        let name = "call \(call.plan.number)"
        guard let outcome = call.outcomes.first else { return complaints.append("\(name) never ended") }
        if call.outcomes.count > 1 { complaints.append("\(name) ended \(call.outcomes.count) times") }
        if outcome == .gaveUp, call.plan.isPatient, call.link?.isUnlucky == false { complaints.append("\(name) starved") }
        if call.reader?.isCorrupt == true { complaints.append("\(name) got other messages than were sent") }
        if call.isCorrupt { complaints.append("\(name) got other bytes than were sent") }
        if outcome == .unknown, call.link?.isUnlucky == false { complaints.append("\(name) was lost, and nobody died") }
        if let link = call.answeredOn, !link.isUnlucky, outcome != .answered, outcome != .gaveUp {
            complaints.append("\(name) was done, but its caller heard \(outcome)")
        }
    }

    /// Each call that began was told of once.
    private func checkTold(_ server: SimulatedServer) {
        if server.begun != Set(server.told.keys) { complaints.append("the observer missed a call") }
        if server.told.values.contains(where: { $0 != 1 }) { complaints.append("the observer was told twice of a call") }
    }
}

extension SimulationPlan.Call {
    /// Whether its caller would have heard the end of the stream, however slowly it came.
    fileprivate var isPatient: Bool {
        stream?.readerPause != nil && cancelAfter == nil && timeout >= .seconds(30)
    }
}
