import NIOCore
import Synchronization
import Testing

@testable import RPC

/// Calls that wait for nothing are answered where they arrive, and those that do end no differently.
@Suite(.timeLimit(.minutes(10))) struct AtOnceTests {
    private func answer(_ text: String, behind interceptors: [any ServerInterceptor] = []) async -> Result<String, RPCError> {
        let method = ServedMethod(.echo, of: Parrot(), behind: interceptors, logger: quietLogger)
        let call = ServerCall(context: CallContext(method: .echo), payload: .text(text))
        return await method.run(call).map(\.payload.text)
    }

    @Test func `what can be answered at once is, and the rest is asked the long way`() async throws {
        #expect(try await answer("now").get() == "at once: now")
        #expect(try await answer("wait").get() == "later: wait")
    }

    @Test func `a refusal at once is the answer`() async {
        #expect(await answer("refuse") == .failure(RPCError(.notFound, "NOTHING")))
    }

    @Test(arguments: ["now", "wait"])
    func `a filter that has to wait is asked again, and the call goes on behind it`(text: String) async throws {
        let (outer, waiting, inner) = (Witness(), Witness(waits: true), Witness())
        #expect(try await answer(text, behind: [outer, waiting, inner]).get() == "later: \(text)")
        #expect([outer, waiting, inner].map(\.history) == [["in", "out"], ["wait", "waited", "out"], ["in", "out"]])
    }

    @Test(arguments: [false, true])
    func `a filter sees how a call ended that it let pass, and not one that it refused`(waits: Bool) async {
        let (outer, refusing, inner) = (Witness(), Witness(waits: waits, refuses: true), Witness())
        #expect(await answer("now", behind: [outer, refusing, inner]) == .failure(RPCError(.permissionDenied, "NO")))
        #expect(outer.history == ["in", "out"])
        #expect(!refusing.history.contains("out"))
        #expect(inner.history.isEmpty)
    }

    @Test func `a filter behind another interceptor keeps its place`() async throws {
        struct Marking: ServerInterceptor {
            func intercept(_ call: ServerCall, next: (ServerCall) async throws -> ServerReply) async throws -> ServerReply {
                var reply = try await next(call)
                reply.payload.writeString("!")
                return reply
            }
        }
        let inner = Witness(waits: true)
        #expect(try await answer("now", behind: [Marking(), inner]).get() == "later: now!")
        #expect(inner.history == ["wait", "waited", "out"])
    }

    @Test(arguments: ["now", "wait"])
    func `a filter that reviews sees the answer before it leaves, between those that stand within and without`(text: String) async throws {
        let (outer, reviewing, inner) = (Witness(), Reviewer(), Witness())
        #expect(try await answer(text, behind: [outer, reviewing, inner]).get().hasSuffix("\(text) reviewed"))
        #expect(outer.history == ["in", "out"] && inner.history == ["in", "out"])
        #expect(reviewing.history == ["left", "reviewed"])
    }

    @Test(arguments: [0, 1])
    func `several reviews follow each other from within, and one behind another interceptor is asked too`(others: Int) async throws {
        struct Passing: ServerInterceptor {
            func intercept(_ call: ServerCall, next: (ServerCall) async throws -> ServerReply) async throws -> ServerReply {
                try await next(call)
            }
        }
        let between = Array(repeating: Passing() as any ServerInterceptor, count: others)
        let answered = try await answer("now", behind: [Reviewer("second")] + between + [Reviewer("first")]).get()
        #expect(answered.hasSuffix("now first second"))
    }

    @Test(arguments: ["now", "wait", "refuse"])
    func `a review may refuse, and sees what others have refused`(text: String) async {
        let (outer, refusing) = (Reviewer(), Reviewer(refuses: true))
        #expect(await answer(text, behind: [outer, refusing]) == .failure(RPCError(.permissionDenied, "NO")))
        #expect(refusing.history == ["left", "reviewed"] && outer.history == ["left", "reviewed"])
    }

    @Test func `a call that a review lets be is answered at once`() async throws {
        let unconcerned = Reviewer(wants: false)
        #expect(try await answer("now", behind: [unconcerned]).get() == "at once: now")
        #expect(unconcerned.history == ["left"])
    }

    @Test func `an interceptor stands around no call that doesn't concern it`() async throws {
        let unconcerned = Witness(concerned: false)
        #expect(try await answer("now", behind: [unconcerned]).get() == "at once: now")
        #expect(unconcerned.history.isEmpty)
    }
}

/// Says what it hears, at once unless it is told to wait.
private struct Parrot: RPCService {
    var methods: [MethodDescriptor] { [.echo] }

    func call(_ call: ServerCall) async throws -> ServerReply {
        ServerReply(payload: .text("later: " + call.payload.text))
    }

    func answerAtOnce(_ call: ServerCall) throws -> ServerReply? {
        switch call.payload.text {
        case "refuse": throw RPCError(.notFound, "NOTHING")
        case "wait": nil
        default: ServerReply(payload: .text("at once: " + call.payload.text))
        }
    }
}

/// Notes what it was asked.
private final class Witness: ServerFilter {
    private let waits: Bool
    private let refuses: Bool
    private let concerned: Bool
    private let notes = Mutex<[String]>([])

    init(waits: Bool = false, refuses: Bool = false, concerned: Bool = true) {
        self.waits = waits
        self.refuses = refuses
        self.concerned = concerned
    }

    var history: [String] { notes.withLock { $0 } }

    private func note(_ word: String) {
        notes.withLock { $0.append(word) }
    }

    func concerns(_ method: MethodDescriptor) -> Bool { concerned }

    func enter(_ call: ServerCall) throws -> Bool {
        if waits {
            if history.last != "wait" { note("wait") }
            return false
        }
        if refuses { throw RPCError(.permissionDenied, "NO") }
        note("in")
        return true
    }

    func enterWaiting(_ call: ServerCall) async throws {
        if refuses { throw RPCError(.permissionDenied, "NO") }
        note("waited")
    }

    func leave(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) {
        note("out")
    }
}

/// Waits for something when a call has ended, and marks its answer.
private final class Reviewer: ServerReview {
    private let mark: String
    private let wants: Bool
    private let refuses: Bool
    private let notes = Mutex<[String]>([])

    init(_ mark: String = "reviewed", wants: Bool = true, refuses: Bool = false) {
        self.mark = mark
        self.wants = wants
        self.refuses = refuses
    }

    var history: [String] { notes.withLock { $0 } }

    func enter(_ call: ServerCall) -> Bool { true }

    func leave(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) {
        notes.withLock { $0.append("left") }
    }

    func reviews(_ call: ServerCall, _ outcome: Result<ServerReply, any Error>) -> Bool { wants }

    func review(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) async {
        await Task.yield()
        notes.withLock { $0.append("reviewed") }
        if refuses { outcome = .failure(RPCError(.permissionDenied, "NO")) }
        guard case .success(var reply) = outcome else { return }
        reply.payload.writeString(" \(mark)")
        outcome = .success(reply)
    }
}
