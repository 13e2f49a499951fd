import AppointmentService
import Contracts
import HMSTestKit
import ProcessDriving
import RPC
import ServiceKit
import SharedCache
import Testing

/// What one replica was told of a doctor serves the others for two seconds, and nobody waits for the cache in which it lies.
@Suite(.timeLimit(.minutes(10))) struct SharedAvailabilityTests {
    @Test func `a doctor who was asked for by one replica is not asked for by the other`() async throws {
        try await withTwoReplicas { one, other, _ in
            let isShared = try await again {
                let doctor = one.doctors.keep()
                one.doctors.failure = nil
                _ = try await one.book(with: doctor)
                one.doctors.failure = .unavailable("down")
                return try? await other.book(with: doctor).department == doctor.department
            }
            #expect(isShared)
            try await other.expectInvariants()
        }
    }

    @Test func `free slots of a department are asked for by one replica for both`() async throws {
        try await withTwoReplicas { one, other, _ in
            let doctor = one.doctors.keep()
            let request = ListSlotsRequest(department: doctor.department, from: "2026-03-03", to: "2026-03-04")
            let isShared = try await again {
                one.doctors.failure = nil
                let slots = try await one.appointments.listSlots(request).slots
                one.doctors.failure = .unavailable("down")
                return try? await other.appointments.listSlots(request).slots == slots && !slots.isEmpty
            }
            #expect(isShared)
        }
    }

    @Test func `nobody is refused by what another replica was told`() async throws {
        try await withTwoReplicas { one, other, _ in
            let doctor = one.doctors.keep()
            _ = try await one.book(with: doctor)
            one.doctors.failure = .unavailable("down")
            await expectRefusal(.unavailable, "UNAVAILABLE") {
                _ = try await other.book(with: doctor, department: "Another")
            }
        }
    }

    @Test func `bookings are made while the cache is killed, flushed and stopped`() async throws {
        try await withTwoReplicas { one, other, cache in
            for number in 0..<24 {
                switch number % 6 {
                case 0: cache.kill()
                case 1: try cache.start()
                case 2: try cache.command("FLUSHALL")
                case 3: cache.pause()
                default: cache.goOn()
                }
                let doctor = one.doctors.keep()
                _ = try await one.book(with: doctor)
                _ = try await other.book(with: doctor)
            }
        }
    }

    /// A machine that is very busy may take longer than anything is remembered, or than a call of the cache may take, but
    /// not every time.
    private func again(_ attempt: () async throws -> Bool?) async throws -> Bool {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            if try await attempt() == true { return true }
        }
        return false
    }
}

/// Two appointment services that share a cache, the patients and the doctors; each has bookings of its own.
private func withTwoReplicas(
    _ test: (_ one: AppointmentServiceUnderTest, _ other: AppointmentServiceUnderTest, _ cache: CacheServer) async throws -> Void
) async throws {
    let cache = try await CacheServer.start()
    defer { cache.kill() }
    let (patients, doctors) = (FakePatients(), FakeDoctors())
    let one = try await replica(cache, patients, doctors)
    let other = try await replica(cache, patients, doctors)
    try await test(one, other, cache)
    await one.service.close()
    await other.service.close()
}

private func replica(_ cache: CacheServer, _ patients: FakePatients, _ doctors: FakeDoctors) async throws -> AppointmentServiceUnderTest {
    let hospital = try TestHospital { $0.cache = CacheAddress("redis://127.0.0.1:\(cache.port)") }
    let peers: [String: any RPCChannel] = [
        "patient": InProcessChannel(services: [patients]), "doctor": InProcessChannel(services: [doctors]),
    ]
    let service = try await hospital.open(.appointment, peers: peers)
    let client = AppointmentServiceClient(ChannelOfCaller(service.channel, try await hospital.options(.admin)))
    return AppointmentServiceUnderTest(hospital: hospital, service: service, patients: patients, doctors: doctors, appointments: client)
}
