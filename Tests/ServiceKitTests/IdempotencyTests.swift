import HMSTestKit
import RPC
import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(10))) struct IdempotencyTests {
    private let hospital: TestHospital

    init() throws {
        hospital = try TestHospital()
    }

    private func count(_ notebook: ServiceAssembly) async throws -> String? {
        await notebook.channel.send("", to: Notebook.count, try await hospital.options(.reception)).text
    }

    @Test func `the same request under the same key has one effect and one answer`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let options = try await hospital.options(.reception, idempotencyKey: "k1")
        let first = await notebook.channel.send("milk", to: Notebook.add, options)
        let second = await notebook.channel.send("milk", to: Notebook.add, options)
        #expect(first == Outcome(text: "note 1: milk"))
        #expect(second == Outcome(text: "note 1: milk", isReplay: true))
        #expect(try await count(notebook) == "1")
    }

    @Test func `another request under the same key is refused`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let options = try await hospital.options(.reception, idempotencyKey: "k1")
        _ = await notebook.channel.send("milk", to: Notebook.add, options)
        let other = await notebook.channel.send("bread", to: Notebook.add, options)
        #expect(other == Outcome(code: .outOfRange, reason: "IDEMPOTENCY_KEY_REUSED"))
        #expect(try await count(notebook) == "1")
    }

    @Test func `a key belongs to one caller and one method`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        for (role, subject) in [(CallerRole.reception, "a"), (.reception, "b"), (.admin, "a")] {
            let options = try await hospital.options(role, subject: subject, idempotencyKey: "k1")
            #expect(await notebook.channel.send("milk", to: Notebook.add, options).isReplay == false)
        }
        let options = try await hospital.options(.admin, subject: "a", idempotencyKey: "k1")
        #expect(await notebook.channel.send("bread", to: Notebook.pay, options).code == .ok)
        #expect(try await count(notebook) == "4")
    }

    @Test(arguments: [Notebook.add, Notebook.again, Notebook.unsaid])
    func `a key works wherever something is changed, repeatable anyhow or not`(method: MethodDescriptor) async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let options = try await hospital.options(.reception, idempotencyKey: "k1")
        #expect(await notebook.channel.send("milk", to: method, options) == Outcome(text: "note 1: milk"))
        #expect(await notebook.channel.send("milk", to: method, options) == Outcome(text: "note 1: milk", isReplay: true))
        #expect(await notebook.channel.send("bread", to: method, options).reason == "IDEMPOTENCY_KEY_REUSED")
        #expect(try await count(notebook) == "1")
    }

    @Test func `without a key every request has its effect`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let options = try await hospital.options(.reception)
        for number in 1...3 {
            #expect(await notebook.channel.send("milk", to: Notebook.add, options) == Outcome(text: "note \(number): milk"))
        }
    }

    @Test func `a method that needs a key refuses to go on without`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let outcome = await notebook.channel.send("milk", to: Notebook.pay, try await hospital.options(.billing))
        #expect(outcome == Outcome(code: .invalidArgument, reason: "IDEMPOTENCY_KEY_REQUIRED"))
        #expect(try await count(notebook) == "0")
    }

    @Test(arguments: [
        (" ", true), ("~", true), (String(repeating: "k", count: 255), true), ("", false), (String(repeating: "k", count: 256), false),
        ("a\u{7F}", false), ("a\n", false), ("schlüssel", false), ("\u{1F}", false),
    ])
    func `a key is 1 to 255 printable ASCII characters`(key: String, isValid: Bool) async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let outcome = await notebook.channel.send("milk", to: Notebook.add, try await hospital.options(.reception, idempotencyKey: key))
        #expect(outcome.reason == (isValid ? nil : "INVALID_ARGUMENT"))
    }

    @Test func `a method that takes no key ignores it`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let options = try await hospital.options(.reception, idempotencyKey: "k\n")
        #expect(await notebook.channel.send("", to: Notebook.count, options).text == "0")
    }

    @Test func `a request that is refused stores nothing, so the key is still free`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let options = try await hospital.options(.reception, idempotencyKey: "k1")
        #expect(await notebook.channel.send("refuse", to: Notebook.add, options).reason == "INVALID_ARGUMENT")
        #expect(await notebook.channel.send("milk", to: Notebook.add, options) == Outcome(text: "note 1: milk"))
    }

    @Test func `an answer that nothing was written for is kept all the same`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let options = try await hospital.options(.reception, idempotencyKey: "k1")
        #expect(await notebook.channel.send("x", to: Notebook.nothing, options) == Outcome(text: "done x"))
        #expect(await notebook.channel.send("x", to: Notebook.nothing, options) == Outcome(text: "done x", isReplay: true))
    }

    @Test func `while the first request runs the second is told to come back`() async throws {
        let (started, startedSignal) = AsyncStream.makeStream(of: Void.self)
        let (release, releaseSignal) = AsyncStream.makeStream(of: Void.self)
        let notebook = try await hospital.open(
            Notebook.definition {
                startedSignal.yield()
                for await _ in release { break }
            })
        let options = try await hospital.options(.reception, idempotencyKey: "k1")
        async let first = notebook.channel.send("milk", to: Notebook.add, options)
        for await _ in started { break }
        let second = await notebook.channel.send("milk", to: Notebook.add, options)
        #expect(second == Outcome(code: .failedPrecondition, reason: "IDEMPOTENCY_IN_PROGRESS", retryAfter: .seconds(1)))
        #expect(await notebook.channel.send("bread", to: Notebook.add, options).reason == "IDEMPOTENCY_KEY_REUSED")
        releaseSignal.yield()
        #expect(await first == Outcome(text: "note 1: milk"))
        #expect(await notebook.channel.send("milk", to: Notebook.add, options) == Outcome(text: "note 1: milk", isReplay: true))
    }

    @Test func `sixty-four at once under one key have one effect and one answer`() async throws {
        let notebook = try await hospital.open(Notebook.definition { await Task.yield() })
        let options = try await hospital.options(.reception, idempotencyKey: "k1")
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    while true {
                        let outcome = await notebook.channel.send("milk", to: Notebook.add, options)
                        guard outcome.reason == "IDEMPOTENCY_IN_PROGRESS" else { return outcome }
                        await Task.yield()
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count == 64)
        #expect(Set(outcomes.map(\.text)) == ["note 1: milk"])
        #expect(outcomes.filter { !$0.isReplay }.count == 1)
        #expect(try await count(notebook) == "1")
    }

    @Test func `an answer outlives the process`() async throws {
        let options = try await hospital.options(.billing, idempotencyKey: "k1")
        let before = try await hospital.open(Notebook.definition())
        #expect(await before.channel.send("milk", to: Notebook.pay, options) == Outcome(text: "note 1: milk"))
        await before.close()

        let after = try await hospital.open(Notebook.definition())
        #expect(await after.channel.send("milk", to: Notebook.pay, options) == Outcome(text: "note 1: milk", isReplay: true))
        #expect(try await count(after) == "1")
    }

    @Test func `a request that failed inside leaves its key free`() async throws {
        struct Broken: Error {}
        let isBroken = Toggle()
        let notebook = try await hospital.open(Notebook.definition { if isBroken.isOn { throw Broken() } })
        let options = try await hospital.options(.reception, idempotencyKey: "k1")
        isBroken.isOn = true
        #expect(await notebook.channel.send("milk", to: Notebook.add, options).reason == "INTERNAL")
        isBroken.isOn = false
        #expect(await notebook.channel.send("milk", to: Notebook.add, options) == Outcome(text: "note 1: milk"))
    }

    @Test func `another process that commits first under the key is believed`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let rival = IdempotencyKeys(database: notebook.resources.database)
        let options = try await hospital.options(.reception, idempotencyKey: "k1")
        let (started, startedSignal) = AsyncStream.makeStream(of: Void.self)
        let (release, releaseSignal) = AsyncStream.makeStream(of: Void.self)
        let slow = Notebook(database: notebook.resources.database) {
            startedSignal.yield()
            for await _ in release { break }
        }
        // The rival keeps its own table of running keys, as another process would.
        let verifier = try await TokenVerifier(hospital.configuration.identity, logger: hospital.log.logger())
        let other = InProcessChannel(services: [slow], interceptors: [Authentication(verifier: verifier), rival])
        async let loser = other.send("milk", to: Notebook.add, options)
        for await _ in started { break }
        #expect(await notebook.channel.send("milk", to: Notebook.add, options) == Outcome(text: "note 1: milk"))
        releaseSignal.yield()
        #expect(await loser == Outcome(text: "note 1: milk", isReplay: true))
        #expect(try await count(notebook) == "1")
    }
}
