// Calls a hospital by gRPC C++, with the code that its own generator makes of the contracts.
//
// calls HOST:PORT RECEPTION-TOKEN ADMIN-TOKEN

#include <chrono>
#include <cstdlib>
#include <grpcpp/grpcpp.h>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "hms/patient/v1/patient.grpc.pb.h"

using hms::patient::v1::PatientService;
namespace v1 = hms::patient::v1;

static void expect(bool holds, const std::string &what) {
    if (holds) return;
    std::cerr << "not so: " << what << "\n";
    std::exit(1);
}

static void prepare(grpc::ClientContext &context, const std::string &token, int seconds = 10) {
    if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(seconds));
}

int main(int count, char **words) {
    if (count != 4) return 2;
    const std::string desk = words[2], admin = words[3];
    auto channel = grpc::CreateChannel(words[1], grpc::InsecureChannelCredentials());
    auto patients = PatientService::NewStub(channel);

    v1::CreatePatientRequest create;
    create.set_name("Grace " + std::to_string(std::chrono::system_clock::now().time_since_epoch().count()));
    create.set_dob("1985-06-01");
    const std::string key = create.name();
    std::string id;
    for (int tries = 0; tries < 2; tries++) {
        grpc::ClientContext context;
        prepare(context, desk);
        context.AddMetadata("idempotency-key", "cpp-" + key.substr(6));
        v1::CreatePatientResponse created;
        const grpc::Status status = patients->CreatePatient(&context, create, &created);
        expect(status.ok(), "a patient is made: " + status.error_message());
        expect(id.empty() || id == created.patient().patient_id(), "a call that is made again makes nothing again");
        id = created.patient().patient_id();
    }

    // Many at once over one connection, packed by gzip.
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 8; caller++) {
        callers.emplace_back([&] {
            for (int number = 0; number < 50; number++) {
                grpc::ClientContext context;
                prepare(context, desk);
                context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
                v1::GetPatientRequest request;
                request.set_patient_id(id);
                v1::GetPatientResponse answer;
                const grpc::Status status = patients->GetPatient(&context, request, &answer);
                expect(status.ok() && answer.patient().name() == create.name(), "the patient is read: " + status.error_message());
            }
        });
    }
    for (auto &caller : callers) caller.join();

    struct Refusal {
        const char *id;
        const std::string &token;
        grpc::StatusCode code;
        const char *reason;
    };
    const std::string nobody;
    for (const Refusal &refusal : {
             Refusal{"pat_01hv0000000000000000000000", desk, grpc::StatusCode::NOT_FOUND, "PATIENT_NOT_FOUND"},
             Refusal{id.c_str(), nobody, grpc::StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED"},
         }) {
        grpc::ClientContext context;
        prepare(context, refusal.token);
        v1::GetPatientRequest request;
        request.set_patient_id(refusal.id);
        v1::GetPatientResponse answer;
        const grpc::Status status = patients->GetPatient(&context, request, &answer);
        expect(status.error_code() == refusal.code, "a refusal has its code: " + status.error_message());
        expect(status.error_details().find(refusal.reason) != std::string::npos, "the details name the reason");
    }

    grpc::ClientContext late;
    prepare(late, desk, -1);
    v1::GetPatientRequest request;
    request.set_patient_id(id);
    v1::GetPatientResponse answer;
    expect(patients->GetPatient(&late, request, &answer).error_code() == grpc::StatusCode::DEADLINE_EXCEEDED, "a deadline holds");

    // A stream to its end, and one that nobody wants any more.
    for (bool toItsEnd : {true, false}) {
        grpc::ClientContext context;
        prepare(context, admin);
        auto stream = patients->ExportPatients(&context, v1::ExportPatientsRequest());
        v1::ExportPatientsResponse part;
        int parts = 0;
        while (stream->Read(&part)) {
            parts++;
            if (!toItsEnd) context.TryCancel();
        }
        const grpc::Status status = stream->Finish();
        expect(parts > 0, "a stream brings something");
        expect(status.ok() || (!toItsEnd && status.error_code() == grpc::StatusCode::CANCELLED), "a stream ends: " + status.error_message());
    }
    std::cout << "gRPC C++ " << grpc::Version() << ": all of it held\n";
}
