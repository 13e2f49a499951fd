import Contracts
import Foundation
import ProtobufC
import RPC
import Supervision

/// The ports that are fuzzed, and right inputs to make wrong ones from.
struct FuzzTarget: Sendable {
    /// A right HTTP request.
    struct HTTPSeed: Sendable {
        let method: String
        let path: String
        let body: String
    }

    /// A right call.
    struct RPCSeed: Sendable {
        let method: UInt64
        let message: [UInt8]
    }

    /// A service's port and calls that it knows.
    struct Service: Sendable {
        let address: FuzzAddress
        let seeds: [RPCSeed]
    }

    let http: FuzzAddress
    let token: String
    let services: [Service]
    let httpSeeds: [HTTPSeed]

    init(_ addresses: HospitalAddresses, token: String) throws {
        http = try FuzzAddress(addresses.url)
        self.token = token
        let creator = HTTPFuzzConnection(http, patience: .seconds(10))
        let patient = try creator.create("/v1/patients", #"{"name":"Asha Rao","dob":"1987-04-12","allow_duplicate":true}"#, token)
        let doctor = try creator.create("/v1/doctors", #"{"name":"Ravi Iyer","department":"Cardiology","specialization":"Valves"}"#, token)
        httpSeeds = Self.httpSeeds(patient: patient, doctor: doctor)
        services = try addresses.services.sorted { $0.key < $1.key }.map { name, address in
            let seeds = name == "patient" ? Self.patientCalls(patient) : Self.doctorCalls(doctor)
            return Service(address: try FuzzAddress(address), seeds: seeds + Self.everyServicesCalls)
        }
    }

    private static func httpSeeds(patient: String, doctor: String) -> [HTTPSeed] {
        let longPatient =
            #"{"name":"Meera \u00e9 Iyer","dob":"1984-02-29","email":"m@example.org","phone":"+91 98400 12345","#
            + #""allergies":["penicillin","latex"],"allow_duplicate":true}"#
        return [
            HTTPSeed(method: "POST", path: "/v1/patients", body: longPatient),
            HTTPSeed(method: "PATCH", path: "/v1/patients/\(patient)", body: #"{"name":"Asha R. Rao","email":null}"#),
            HTTPSeed(method: "GET", path: "/v1/patients/\(patient)", body: ""),
            HTTPSeed(method: "GET", path: "/v1/patients?query=asha&page_size=2&status=ACTIVE", body: ""),
            HTTPSeed(
                method: "POST", path: "/v1/doctors", body: #"{"name":"Ravi Iyer","department":"Cardiology","specialization":"Valves"}"#),
            HTTPSeed(method: "PATCH", path: "/v1/doctors/\(doctor)", body: #"{"department":"Surgery"}"#),
            HTTPSeed(
                method: "PUT", path: "/v1/doctors/\(doctor)/schedule",
                body: #"{"working_hours":[{"weekday":"MONDAY","start":"09:00","end":"13:00"}]}"#),
            HTTPSeed(
                method: "POST", path: "/v1/doctors/\(doctor)/leaves",
                body: #"{"start":"2030-01-01T00:00:00Z","end":"2030-01-02T00:00:00Z","reason":"Rest"}"#),
            HTTPSeed(method: "GET", path: "/v1/doctors?page_size=2", body: ""),
            HTTPSeed(method: "GET", path: "/openapi.json", body: ""),
        ]
    }

    private static func patientCalls(_ id: String) -> [RPCSeed] {
        let create = CreatePatientRequest(
            name: "Meera Iyer", email: "m@example.org", phone: "+91 98400 12345", dob: "1984-02-29", allergies: ["latex", "nuts"],
            allowDuplicate: true)
        let update = UpdatePatientRequest(patientID: id, patient: PatientChanges(name: "Asha R. Rao"), updateMask: nil)
        return [
            RPCSeed(method: PatientServiceMethods.createPatient.id, message: create.protobuf()),
            RPCSeed(method: PatientServiceMethods.getPatient.id, message: GetPatientRequest(patientID: id).protobuf()),
            RPCSeed(method: PatientServiceMethods.listPatients.id, message: ListPatientsRequest(query: "asha").protobuf()),
            RPCSeed(method: PatientServiceMethods.updatePatient.id, message: update.protobuf()),
        ]
    }

    private static func doctorCalls(_ id: String) -> [RPCSeed] {
        let create = CreateDoctorRequest(name: "Ravi Iyer", department: "Cardiology", specialization: "Valves")
        return [
            RPCSeed(method: DoctorServiceMethods.createDoctor.id, message: create.protobuf()),
            RPCSeed(method: DoctorServiceMethods.getDoctor.id, message: GetDoctorRequest(doctorID: id).protobuf()),
            RPCSeed(method: DoctorServiceMethods.getDoctorSchedule.id, message: GetDoctorScheduleRequest(doctorID: id).protobuf()),
            RPCSeed(method: DoctorServiceMethods.listLeaves.id, message: ListLeavesRequest(doctorID: id).protobuf()),
            // Fields by the same numbers: the message of one call, read as another's.
            RPCSeed(method: DoctorServiceMethods.setDoctorSchedule.id, message: GetDoctorRequest(doctorID: id).protobuf()),
            RPCSeed(method: DoctorServiceMethods.createLeave.id, message: GetDoctorRequest(doctorID: id).protobuf()),
        ]
    }

    private static let everyServicesCalls = ["hms.rpc.v1.HealthService/Check", "hms.rpc.v1.ReflectionService/Describe"].map {
        RPCSeed(method: MethodDescriptor.id(of: $0), message: [])
    }
}
