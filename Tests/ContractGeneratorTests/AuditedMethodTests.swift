import ContractGenerator
import Foundation
import SwiftProtobuf
import Testing

/// Which methods of the hospital's contracts are audited: all in whose request or answer a patient is named. One that needs none says
/// why here.
@Suite struct AuditedMethodTests {
    /// Methods that name a patient and are not marked `audit: true`.
    private static let unmarked = [
        "hms.appointment.v1.AppointmentService/CountActiveAppointments":
            "answers a number to the service that deletes the patient, and that deletion is kept",
        "hms.appointment.v1.AppointmentService/ListTreatedPatients":
            "answers the service that a doctor reads, and that reading is kept",
        "hms.billing.v1.BillingService/CountOpenBills":
            "answers a number to the service that deletes the patient, and that deletion is kept",
    ]

    private static func contract() throws -> Contract {
        let file = URL(filePath: #filePath).appending(path: "../../../Generated/contracts.binpb").standardized
        let protos = try Google_Protobuf_FileDescriptorSet(serializedBytes: Data(contentsOf: file)).file
        return try Contract(protos: protos, generate: protos.map(\.name).filter { $0.hasPrefix("hms/") }, parameters: Parameters())
    }

    @Test func `every method that names a patient is audited, or says here why not`() throws {
        let contract = try Self.contract()
        let naming = contract.services.flatMap(\.methods).filter { method in
            [method.input, method.output].contains { Self.namesPatient($0.fullName, in: contract) }
        }
        #expect(naming.filter { !$0.rule.audit }.map(\.fullName).sorted() == Self.unmarked.keys.sorted())
        #expect(naming.count(where: \.rule.audit) > 40)
    }

    @Test(arguments: [
        ("GetPatientRequest", "hms.patient.v1", true), ("ListBillsResponse", "hms.billing.v1", true),
        ("HoldBookingsRequest", "hms.appointment.v1", true), ("GetDoctorResponse", "hms.doctor.v1", false),
        ("ListSlotsResponse", "hms.appointment.v1", false),
    ])
    func `a patient is found where he is named directly, in a record, and as one of several`(
        message: String, package: String, names: Bool
    ) throws {
        #expect(Self.namesPatient("\(package).\(message)", in: try Self.contract()) == names)
    }

    /// Whether a message, or one within it, has a field that holds a patient's id.
    private static func namesPatient(_ message: String, in contract: Contract) -> Bool {
        var open = [message]
        var seen: Set<String> = []
        while let name = open.popLast() {
            guard seen.insert(name).inserted, let model = contract.messages[name] else { continue }
            for field in model.fields {
                if field.rule.idPrefix == "pat" || ["patient_id", "recipient_id"].contains(field.name) { return true }
                if case .message(let inner) = field.type { open.append(inner.fullName) }
            }
        }
        return false
    }
}
