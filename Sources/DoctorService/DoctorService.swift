// DoctorService
