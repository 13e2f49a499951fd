import DequeModule
import NIOCore
import NIOHTTP1
import RPC

/// One HTTP/1.1 connection: looks at a request's header, collects its body, has it answered, writes the answer, and only
/// then looks at the next.
///
/// Everything runs on the connection's event loop. What the decoder gives while an answer is made waits in `queue`; what
/// it wasn't given yet waits with the pacer, at most one read of the socket, because reading stops meanwhile.
final class HTTPConnection: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        case waiting
        /// The header announces a body; whether the caller may send it is being found out.
        case admitting(IncomingRequest)
        case receiving(IncomingRequest)
        case answering(IncomingRequest)
        /// The last answer is on its way; what still arrives is thrown away until the client closes.
        case lingering
    }

    private enum Arrival {
        case part(HTTPServerRequestPart)
        case failure(HTTPRefusal)
    }

    let core: HTTPServerCore
    let seat: OpenConnections.Seat
    let executor: EventLoopExecutor
    let resources: ConnectionResources
    let timer: HTTPTimeout
    let watch: TurnWatch
    /// Whether the request that is being answered has a place of the ``RequestRoom``.
    var hasRoom = false
    let pacer: RequestPacer

    var context: ChannelHandlerContext?
    var phase = Phase.waiting
    var body = CollectedBody()
    /// What works on the request where that takes a task.
    var task: Task<Void, Never>?
    /// The call that the request was passed on as, where that takes none.
    var call: BegunCall?
    private var queue = Deque<Arrival>()
    private var isTakingQueue = false
    private(set) var isReading = false
    private var heldRead = false
    private var readBroughtPart = false
    /// A piece of a request's header has arrived.
    var headHasBegun = false
    /// The client sends nothing more.
    private(set) var isInputClosed = false
    /// The server is stopping: the request under way is the last.
    private(set) var isQuiescing = false

    var limits: HTTPLimits { core.limits }

    init(core: HTTPServerCore, seat: OpenConnections.Seat, pacer: RequestPacer, loop: HTTPServerCore.LoopResources) {
        self.core = core
        self.seat = seat
        self.pacer = pacer
        executor = loop.executor
        watch = loop.watch
        resources = ConnectionResources(
            eventLoop: executor.eventLoop, traces: loop.traces, lastCaller: LastCaller(), peer: seat.peer)
        timer = HTTPTimeout(eventLoop: executor.eventLoop)
    }

    // MARK: Life of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        timer.whenExpired { [weak self] in self?.timePassed() }
        timer.set(in: seat.place == .reserve ? limits.probeTimeout : limits.firstRequestTimeout)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    /// What is cancelled last may be answered at once, and nobody is there to be told.
    private func end() {
        let (task, call) = (task, call)
        (self.task, self.call) = (nil, nil)
        timer.stop()
        queue.removeAll()
        body.giveBack(core.bodies, of: seat.address)
        leaveRoom()
        phase = .lingering
        pacer.connection = nil
        context = nil
        task?.cancel()
        call?.cancel()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            isInputClosed = true
            if case .answering = phase { timer.set(in: limits.disconnectGrace) }
            closeIfNothingCanCome()
        case is ChannelShouldQuiesceEvent:
            isQuiescing = true
            if case .waiting = phase, !headHasBegun { context.close(promise: nil) }
        case is MakeRoom: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// A client that only closed its sending side still gets its answer; one that left altogether can't be told apart,
    /// so the work goes on for a short grace only.
    private func closeIfNothingCanCome() {
        guard isInputClosed, !pacer.isHolding, queue.isEmpty else { return }
        switch phase {
        case .admitting, .answering: break
        case .waiting, .receiving, .lingering: context?.close(promise: nil)
        }
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        readBroughtPart = true
        take(.part(unwrapInboundIn(data)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else {
            context.close(promise: nil)
            return
        }
        take(.failure(HTTPRefusal(decoderError: error, in: pacer.startLine, limits)))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        noteBytesOfHead()
        context.flush()
        context.fireChannelReadComplete()
        resumeReading()
        closeIfNothingCanCome()
    }

    /// A read that ended without a part, while a request is awaited, brought a piece of its header.
    private func noteBytesOfHead() {
        defer { readBroughtPart = false }
        guard case .waiting = phase, !readBroughtPart, !headHasBegun, !pacer.isHolding else { return }
        headHasBegun = true
        timer.set(in: limits.headTimeout)
    }

    /// Reads no further while a request is worked on and more has arrived already, or while the client leaves answers
    /// unread.
    func read(context: ChannelHandlerContext) {
        if canRead(context) { context.read() } else { heldRead = true }
    }

    private func canRead(_ context: ChannelHandlerContext) -> Bool {
        context.channel.isWritable && !pacer.isHolding && (!isBusy || queue.isEmpty)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, case .waiting = phase { timer.set(in: limits.idleTimeout) }
        takeQueue()
        context.fireChannelWritabilityChanged()
    }

    /// What the pacer is told.
    var appetite: RequestPacer.Appetite {
        if case .lingering = phase { return .throwsAway }
        guard let context, context.channel.isWritable, !isBusy, queue.isEmpty else { return .isBusy }
        return .wantsMore
    }

    /// Whether what arrives next is the beginning of a request.
    var awaitsRequest: Bool {
        if case .waiting = phase { !headHasBegun } else { false }
    }

    // MARK: What has arrived

    private func take(_ arrival: Arrival) {
        if case .lingering = phase { return }
        queue.append(arrival)
        takeQueue()
    }

    /// Works on what has arrived until an answer, or leave to go on, has to be waited for.
    func takeQueue() {
        guard !isTakingQueue else { return }
        isTakingQueue = true
        while let context, context.channel.isWritable, !isBusy, let arrival = queue.popFirst() {
            switch arrival {
            case .part(let part): receive(part)
            case .failure(let refusal): refuse(refusal, head: nil)
            }
        }
        isTakingQueue = false
        pacer.resume()
        resumeReading()
        closeIfNothingCanCome()
    }

    private func resumeReading() {
        guard heldRead, let context, canRead(context) else { return }
        heldRead = false
        context.read()
    }

    private var isBusy: Bool {
        switch phase {
        case .admitting, .answering: true
        case .waiting, .receiving, .lingering: false
        }
    }

    /// Whether another request can follow the one that is being answered.
    var canGoOn: Bool {
        !isQuiescing && seat.place == .regular && !(isInputClosed && queue.isEmpty && !pacer.isHolding)
    }

    /// Nothing of what has arrived is looked at any more.
    func forgetArrivals() {
        queue.removeAll()
    }
}
