extension DataOffer {
  /// The public recordings of the PhysioNet/Computing in Cardiology Challenge 2017.
  static let challenge2017 = DataOffer(
    title: "the Challenge 2017 recordings",
    address: "https://physionet.org/files/challenge-2017/1.0.0/training2017.zip",
    fileName: "training2017.zip", size: "99 MB",
    credits: """
      Recordings of the PhysioNet/Computing in Cardiology Challenge 2017, given by AliveCor
      licence: Open Data Commons Attribution License 1.0 (ODC-By), \
      https://opendatacommons.org/licenses/by/1-0
      cite: Clifford et al. 2017, AF classification from a short single lead ECG recording, \
      https://doi.org/10.22489/CinC.2017.065-469
      cite: Goldberger et al. 2000, PhysioBank, PhysioToolkit, and PhysioNet, \
      https://doi.org/10.1161/01.CIR.101.23.e215
      """)
}
