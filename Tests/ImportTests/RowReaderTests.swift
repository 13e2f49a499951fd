import PlainText
import Testing

@testable import Import

@Suite(.timeLimit(.minutes(10))) struct RowReaderTests {
    @Test func `a file of patients becomes patients`() throws {
        let text = """
            Id;Name;DOB;E-Mail;Allergies
            1;\u{A0} Ada  ;13/02/1980;ada@example.org;Nuts|Latex
            2;"Bob
              Stone";05.06.1990;;NKDA
            3;Cleo;1990-06-05 00:00:00;;

            """
        let found = try FileToImport.read(text, .patients) { $0.map = ["email=e-mail"] }
        #expect(
            found.records == [
                ["name": "Ada", "email": "ada@example.org", "dob": "1980-02-13", "allergies": ["Nuts", "Latex"]],
                ["name": "Bob Stone", "dob": "1990-06-05"], ["name": "Cleo", "dob": "1990-06-05"],
            ])
        #expect(found.problems.isEmpty)
        #expect(found.notes == ["read as utf-8, separated by “;”, 5 columns", "dob: dates of the form dd/MM/yyyy"])
    }

    @Test func `visits of a far clinic become visits here`() throws {
        let text = """
            patient_id,doctor_id,slot_start,slot_end,status
            p,d,01/13/2020 9:05 AM,01/13/2020 10:35 AM,Finished
            p,d,2020-01-13T09:05:00+05:30,,no show
            p,d,03/08/2020 2:30 AM,,Completed
            p,d,11/01/2020 1:30 AM,,Completed
            p,d,01/14/2020,,Completed
            p,d,31/31/2020,,Waiting

            """
        let found = try FileToImport.read(text, .appointments) { $0.values = ["status:finished=COMPLETED"] }
        #expect(
            found.records.map { $0["slot_start"]?.text } == [
                "2020-01-13T14:05:00Z", "2020-01-13T03:35:00Z", "2020-11-01T05:30:00Z", "2020-01-14T05:00:00Z",
            ])
        #expect(found.records[0]["slot_end"] == "2020-01-13T15:35:00Z" && found.records[0]["status"] == "COMPLETED")
        #expect(found.records[1]["status"] == "NO_SHOW" && found.records[1]["slot_end"] == nil)
        #expect(
            found.problems == [
                "slot_start: is a time that clocks in America/New_York passed over when they were set forward",
                "slot_start: is no date that can be read: say its form with --date-format, or mend it to YYYY-MM-DD; "
                    + "status: “Waiting” is none of SCHEDULED, CHECKED_IN, "
                    + "COMPLETED, CANCELLED, NO_SHOW: say what it means with --value “status:Waiting=…”",
            ])
        #expect(
            found.notes.dropFirst() == [
                "slot_start: dates of the form MM/dd/yyyy", "slot_end: dates of the form MM/dd/yyyy",
                "times without an offset are those of America/New_York, the clinic's zone; of an hour that came twice, the first",
                "dates without a time are the first moment of the day in America/New_York: slot_start",
            ])
    }

    @Test func `a zone that was named is not the clinic's`() throws {
        let found = try FileToImport.read("patient_id,doctor_id,slot_start\np,d,2020-01-13 09:00\n", .appointments) {
            $0.timeZone = "Asia/Kolkata"
        }
        #expect(found.records.first?["slot_start"] == "2020-01-13T03:30:00Z")
        #expect(found.notes.last == "times without an offset are those of Asia/Kolkata; of an hour that came twice, the first")
        #expect(throws: UnknownZone(name: "Kolkata")) {
            try FileToImport.read("patient_id,doctor_id,slot_start\n", .appointments) { $0.timeZone = "Kolkata" }
        }
    }

    @Test(
        arguments: [
            (["dd/MM/yyyy"], "05/06/1990", "1990-06-05"), (["dob=MM/dd/yyyy"], "05/06/1990", "1990-05-06"),
            (["dd/MM/yyyy", "dob=MM/dd/yyyy"], "05/06/1990", "1990-05-06"), (["dob=dd/MM/yy"], "05/06/30", "1930-06-05"),
            (["dob=dd/MM/yyyy"], "1990-06-05", "1990-06-05"), (["dob=yyyy-dd-MM"], "1990-05-06", "1990-06-05"),
            (["dob=dd/MM/yyyy", "dob=d MMM yyyy"], "5 Jun 1990", "1990-06-05"),
        ] as [([String], String, String)])
    func `a form that was asked for is the form`(formats: [String], text: String, date: String) throws {
        let found = try FileToImport.read("name,dob\nAda,\(text)\n", .patients) { $0.dateFormats = formats }
        #expect(found.records.map { $0["dob"]?.text } == [date])
    }

    @Test(
        arguments: [
            (["dob=dd/MM/yyyy"], "02/13/1990", "dob: is no date of the form dd/MM/yyyy"),
            (["dob=yyyy-dd-MM"], "1990-02-13", "dob: is no date of the form yyyy-dd-MM"),
            (["dob=dd/MM/yyyy", "dob=MM/dd/yyyy"], "05/06/1990", "dob: is another date in each of the forms dd/MM/yyyy or MM/dd/yyyy"),
            ([], "1990-06-05 22:00", "dob: has a time of day, so that it may be the day before or after"),
            ([], "last year", "dob: is no date that can be read: say its form with --date-format, or mend it to YYYY-MM-DD"),
        ] as [([String], String, String)])
    func `a date that can't be told is refused with its row`(formats: [String], text: String, problem: String) throws {
        let found = try FileToImport.read("name,dob\nAda,\(text)\n", .patients) { $0.dateFormats = formats }
        #expect(found.problems == [problem])
    }

    @Test(
        arguments: [
            ("name,dob\nAda,05/06/1990\n", .openDates(field: "dob", patterns: ["dd/MM/yyyy", "MM/dd/yyyy"])),
            ("name,dob\nAda,13/06/1990\nBob,1990-06-05\nCleo,06/13/1990\n", .mixedDates(field: "dob", lines: [2, 4])),
            ("name,dob\nAda,13-Jun-30\n", .twoDigitYears(field: "dob")),
        ] as [(String, ReadingError)])
    func `a column whose dates can't be told is not imported`(text: String, error: ReadingError) {
        #expect(throws: error) { try FileToImport.read(text, .patients) }
    }

    @Test func `the century of a birth is not guessed where others of its column have theirs`() throws {
        let found = try FileToImport.read("name,dob\nAda,13/06/1990\nBob,13/06/30\n", .patients)
        #expect(found.records.count == 1)
        #expect(found.problems == ["dob: has a year of two digits, which may be of two centuries: say its form with --date-format"])
    }

    @Test func `money is never guessed`() throws {
        let text = "name,department,consultation_fee\nAda,Heart,250\nBob,Heart,2.50\n"
        #expect(throws: ReadingError.unitMissing(fields: ["consultation_fee"])) { try FileToImport.read(text, .doctors) }
        let major = try FileToImport.read(text, .doctors) { $0.unit = .major }
        #expect(major.records.map { $0["consultation_fee"] } == [25_000, 250])
        let minor = try FileToImport.read(text, .doctors) { $0.unit = .minor }
        #expect(minor.records.map { $0["consultation_fee"] } == [250])
        #expect(minor.problems == ["consultation_fee: has 2 decimals, but minor units have none"])
    }

    @Test func `a column of money without any needs no unit`() throws {
        let found = try FileToImport.read("name,department,consultation_fee\nAda,Heart, \n", .doctors)
        #expect(found.records == [["name": "Ada", "department": "Heart", "specialization": "Heart"]])
    }

    @Test(arguments: ["30", " 30 ", "0"])
    func `a number of days is whole`(text: String) throws {
        let found = try FileToImport.read("appointment_id,medication,dosage,days\na,m,d,\(text)\n", .prescriptions)
        #expect(found.records.first?["days"] == .integer(text == "0" ? 0 : 30))
    }

    @Test(arguments: ["thirty", "30.0", "-1", "1e2", "99999999999999999999"])
    func `what is no whole number is refused`(text: String) throws {
        let found = try FileToImport.read("appointment_id,medication,dosage,days\na,m,d,\(text)\n", .prescriptions)
        #expect(found.problems == ["days: is no whole number"])
    }

    @Test(
        arguments: [
            (
                ["status=DONE"], [],
                "--default status: the value “DONE” is none of SCHEDULED, CHECKED_IN, COMPLETED, CANCELLED, NO_SHOW: "
                    + "say what it means with --value “status:DONE=…”"
            ),
            ([], ["status=dd/MM/yyyy"], "appointments have no date “status”: --date-format can name slot_start, slot_end"),
            (
                [], ["slot_start="],
                "“slot_start=” says no form of a date: write --date-format dd/MM/yyyy, "
                    + "or --date-format FIELD=dd/MM/yyyy for one field"
            ),
        ] as [([String], [String], String)])
    func `an option that can't be is refused before the first row`(defaults: [String], formats: [String], description: String) {
        let error = #expect(throws: ReadingError.self) {
            try FileToImport.read("patient_id,doctor_id,slot_start\n", .appointments) {
                $0.defaults = defaults
                $0.dateFormats = formats
            }
        }
        #expect(error?.description == description)
    }

    @Test func `a column that is not there is told with the separator that was met`() throws {
        try FileToImport.with(Array("name;born\nAda;1990-06-05\n".utf8)) { path in
            let file = try ImportFile(path: path)
            let error = #expect(throws: ColumnsNotFound.self) { try ReadingPlan(.patients, of: file, options: ReadingOptions()) }
            #expect(
                error?.description
                    == "no column fills dob: name one with --map dob=COLUMN, or a value for all rows with --default dob=VALUE; "
                    + "the file has name, born, separated by “;”")
        }
    }

    @Test func `bills and payments have their states, kinds and methods in any case`() throws {
        let bills = try FileToImport.read(
            "patient_id,kind,subtotal,status,billed_at\np,no show fee,100,Paid,2020-01-01T00:00:00Z\n", .bills
        ) { $0.unit = .minor }
        #expect(
            bills.records == [
                ["patient_id": "p", "kind": "NO_SHOW_FEE", "subtotal": 100, "status": "PAID", "billed_at": "2020-01-01T00:00:00Z"]
            ])
        let payments = try FileToImport.read("bill_id,amount,method,paid_at\nb,1.05,Card,2020-01-01T00:00:00Z\n", .payments) {
            $0.unit = .major
        }
        #expect(payments.records == [["bill_id": "b", "amount": 105, "method": "CARD", "paid_at": "2020-01-01T00:00:00Z"]])
    }
}
