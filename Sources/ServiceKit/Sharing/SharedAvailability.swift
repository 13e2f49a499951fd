public import Contracts
import ProtobufC
public import SharedCache
import Vocabulary

/// When doctors work, as the replicas of the appointment service tell one another through a cache, for two seconds at most.
///
/// The doctor service counts its changes there, and what was asked for before the last is no answer any more. Should it not
/// reach the cache, the two seconds are the bound. Ids, departments, fees, hours and leaves lie there, and nothing personal.
public struct SharedAvailability: Sendable {
    public static let bestBefore: Duration = .seconds(2)

    private let cache: SharedCache

    public init(_ cache: SharedCache) {
        self.cache = cache
    }

    /// What was said to this question, and when it may be answered anew; nil where the cache doesn't answer.
    public func answer(to request: ListAvailabilityRequest) async -> SharedAnswer? {
        let key = CacheKey(answering: request)
        guard let reading = await cache.read([key], since: .doctorChanges) else { return nil }
        let said = reading.found.first.flatMap { $0 }.flatMap { found -> SharedAnswer.Said? in
            let age = FactsAge(asked: found.asked)
            guard age.isAtMost(Self.bestBefore), let answer = try? ListAvailabilityResponse(protobuf: found.bytes) else { return nil }
            return SharedAnswer.Said(answer: answer, age: age)
        }
        return SharedAnswer(said: said, moment: reading.moment)
    }

    /// Lets the others know what was answered to a question that was put after `moment`. Doctors who can't be booked are no
    /// part of it: nobody is refused by what is remembered.
    public func store(_ answer: ListAvailabilityResponse, to request: ListAvailabilityRequest, askedAfter moment: CacheMoment) {
        guard answer.doctors.allSatisfy({ $0.doctor?.status == .active }) else { return }
        let impersonal = ListAvailabilityResponse(doctors: answer.doctors.map(\.impersonal), hasMore: answer.hasMore)
        cache.store(impersonal.protobuf(), for: CacheKey(answering: request), askedAfter: moment, expiresAfter: Self.bestBefore)
    }

    /// To be called when a change of a doctor, his hours or his leaves is committed, before it is answered.
    public func doctorsHaveChanged() async {
        await cache.increment(.doctorChanges, expiresAfter: Self.longerThanAnyEntry)
    }

    /// As ``doctorsHaveChanged()``, but waits for nothing.
    public func doctorsHaveChangedBefore() {
        cache.incrementLater(.doctorChanges, expiresAfter: Self.longerThanAnyEntry)
    }

    private static let longerThanAnyEntry: Duration = .seconds(60)
}

/// What the cache says to a question.
public struct SharedAnswer: Sendable {
    public struct Said: Sendable {
        public let answer: ListAvailabilityResponse
        public let age: FactsAge
    }

    /// Nil where nobody has asked it of late.
    public let said: Said?
    /// With this an answer may be stored that is asked for now.
    public let moment: CacheMoment
}

extension DoctorAvailability {
    /// What a booking and a list of free slots need to know. A field that is new to the contract is not stored before it
    /// is named here.
    fileprivate var impersonal: DoctorAvailability {
        let doctor = doctor.map {
            Doctor(doctorID: $0.doctorID, department: $0.department, consultationFee: $0.consultationFee, status: $0.status)
        }
        return DoctorAvailability(
            doctor: doctor, workingHours: workingHours, leaves: leaves.map { Leave(start: $0.start, end: $0.end) })
    }
}

extension CacheKey {
    private static let contract = "hms.doctor.v1"

    fileprivate static let doctorChanges = CacheKey(contract, "changes")

    fileprivate init(answering request: ListAvailabilityRequest) {
        let whom =
            switch request.of {
            case .doctorID(let id): ("doctor", id)
            case .department(let name): ("department", name)
            case nil: ("nobody", "")
            }
        self.init(
            Self.contract, "availability", whom.0, whom.1, request.afterDoctorID, request.from.text, request.to.text)
    }
}

extension ProtobufTimestamp? {
    fileprivate var text: String { self?.instant.map { "\($0.millisecondsSinceEpoch)" } ?? "" }
}
