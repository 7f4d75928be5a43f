"""The words of INFO, CEK, LAPOR and BAHASA, as they are typed on a phone. Data.

As in vocabulary.py: what is Javanese, Sundanese or Sasak has not been confirmed by a native reader yet.
"""

from __future__ import annotations

from sms import vocabulary as v
from sms.vocabulary import words

#: What somebody wants stands between politeness and keyword: 'saya mau cek PT X', 'izin melapor bu'.
WANTS = (
    v.WANTS
    | v.WISH
    | words("bisa bs boleh izin ijin bantu bantuin numpang coba gelem kersa kedah badhe tiasa bau perkenankan")
) - v.HELP
WISHES = WANTS | v.MYSELF
#: All that may stand before a request.
BEFORE = WISHES | v.POLITE

INFO = words(
    "info inpo infoo infp imfo ifno inof nfo informasi imformasi inpormasi informsi infrmasi menu meni perintah"
    " prentah printah katrangan keterangan"
)
#: May be the question in a talk with a human as well ('caranya?'), so one reads it too.
HOW = words("cara caranya carane caranipun carana")
INFO_ABOUT = words("sms desmigratif desmigratip layanan program perintah menu daftar semua lengkap list kata kunci")
HOW_TO = INFO_ABOUT | words("pakai pake memakai menggunakan gunakan kirim mengirim nganggo ngangge anggo make kadu")

LANGUAGE = words("bahasa bhasa bahsa bahasah bhs bahaza language basa boso base")
#: Mean nothing else alone; 'basa' and 'base' do.
LANGUAGE_ALONE = words("bahasa bhasa bahsa bahasah bhs language")
LANGUAGE_CODES = {
    **dict.fromkeys(words("id ind indo indon indonesia indonesa endonesa indonesian"), "id"),
    **dict.fromkeys(words("jv jw jav jawa jowo jawi jwa javanese"), "jv"),
    **dict.fromkeys(words("su sun sunda sundanese"), "su"),
    **dict.fromkeys(words("sas sasak sasaq sak lombok"), "sas"),
}
#: The manner of speaking; our Javanese is krama whatever is asked for.
LANGUAGE_MANNER = words("krama kromo alus halus ngoko lemes biasa inggil")
#: 'saya bisa bahasa jawa' tells what somebody speaks.
LANGUAGE_CHANGE = WISHES - words("bisa bs boleh tiasa bau") | words(
    "ganti gantos gentos ubah rubah pakai pake gunakan pilih setel set ke ka jadi sms smsnya dengan saja"
    " ae wae bae mawon atuh nganggo ngangge anggo make kadu mawi dados jok"
)

#: Said before the word they change what is written to somebody, and a reason may follow.
LANGUAGE_TO_USE = words("ganti gantos gentos ubah rubah pakai pake gunakan nganggo ngangge anggo make kadu mawi")

REPORT_VERBS = words(
    "lapor lapur lapr lpor lapot lapoe laopr lapro laapor laporr laporkan lapurkan laporin lapork lapirkan melapor"
    " melaporkan mlapor mlaporkan ngelapor ngelaporin report mengadu mengadukan ngadu adukan"
    " nglapor nglaporke nglaporaken nglapurake lapuran wadul wadulan"  # jv
    " ngalapor ngalaporkeun ngalapurkeun ngadukeun wawadul"  # su
    " ngelaporang belapor"  # sas
)
#: Name what somebody else wrote as often: 'laporan bulanan', 'pengaduan saya kemarin'.
REPORT_NOUNS = words("laporan aduan ngaduan pengaduan pngaduan pengadun")
#: To make one: 'mau buat pengaduan'.
REPORT_MAKES = words("buat bikin membuat menyampaikan sampaikan ajukan mengajukan kirim")
#: Behind a LAPOR: not a report to us but one to others, of oneself, or the question how.
NOT_REPORTED = words(
    "diri dri pulang datang kedatangan kepulangan tiba sampai sampe tekan dumugi dugi rawuh mulih kondur uleq hadir"
    " selesai kemana kmana kmn mana dimana dmn apa gimana bagaimana piye kumaha kapan berapa dulu rt rw pajak spt"
    " nasib untung domba balik atau progres perkembangan keberangkatan berangkat"
)
#: 'lapor saya sudah sampai' is an arrival too.
BEFORE_ARRIVAL = v.MYSELF | words("mau akan kalau sudah sdh udah telah sampun wis tos atos wah")
ARRIVALS = words("pulang datang tiba sampai sampe mendarat landing tekan dumugi dugi rawuh mulih kondur uleq berangkat")
#: 'lapor polisi' may mean: to them. With a story behind it is one, and a human reads along.
OFFICES = words("polisi disnaker depnaker kemnaker kp2mi bp2mi bp3mi kbri kjri kdei imigrasi")
WHICH = words("apa atau apakah kapan bisa boleh gimana bagaimana saja aja")
#: 'lapor ke …': to us, or to an office that we are not.
TOWARDS = words("ke kepada kpd ka dateng dhateng maring marang jok")
US = v.CALLED | words("desmigratif petugas sini kantor kabupaten")
NOT_NOUN_OF_REPORT = NOT_REPORTED | words(
    "saya sy aku kami ku kula abdi tiang itu ini tersebut kemarin tadi sudah sdh udah belum blm bulan bulanan keuangan"
    " kegiatan tahunan mingguan harian hasil polisi kode nomor nomer no dari yang yg ke kepada tidak gak ga masuk"
)

CHECK = words("cek chek check ceck cekh cke cekc ecek cwk cdk xek vek cekl cejk cheque")
CHECK_MAKES = words("dicek dicekin cekin cekkan cekan dicekkan ngecek mengecek pengecekan nyek ngecekin dichek")
#: Is done by doctors too, so a human reads along where no company is named.
CHECK_OTHERWISE = words("periksa priksa perikso priksakan periksakan mriksa pariksa mariksa perikse verifikasi")
#: Between keyword and name: 'CEK nama PT X', 'cek apakah PT X', 'cek izin PT X'.
CHECK_FILLERS = words(
    "nama namanya nm dan spasi apakah apa status izin ijin ijinnya izinnya legalitas legalitasnya dong keaslian"
)
#: What a name begins with. 'p3mi' is tidied as it is when somebody types it.
MARKS = words("pt cv ud pjtki pptkis p3mi lpk agensi agency agen perusahaan yayasan koperasi penyalur")
#: Parts of names of agencies; a name with one of them needs no PT.
OF_COMPANIES = words(
    "jaya maju mandiri abadi sejahtera karya bina sinar putra putri utama internasional international nusantara sukses"
    " makmur bersama agung mitra tenaga sumber prima perdana surya bumi cahaya global citra duta graha harapan insani"
    " barokah berkah amanah sentosa mulia perkasa jasa bakti bhakti kencana permata adi artha arta tama raya lestari"
    " pratama persada bahari daya mega multi sarana perwira avida manpower indonesia anugerah anugrah gemilang"
)
#: Behind a name, if one of the second asks: 'PT X resmi atau tidak', 'PT X aman gak bu'.
IS_IT = words(
    "resmi legal ilegal aman berizin berijin terdaftar asli bodong penipu penipuan palsu bagus tipu"
    " atau atw itu ini kah terpercaya ada aktif"
)
ASKS = words("apakah apa atau atw ya") | v.NO
#: Politeness behind a name; not 'mas' or 'ibu', which end names of companies.
POLITE_BEHIND = words(
    "bu pak ya yah kak mbak min dong deh tolong mohon makasih trims terima kasih terimakasih matur nuwun suwun hatur"
    " nuhun please pls dulu punten nggih maaf"
)
#: Words of a sentence: a name ends before them, and a human reads the sentence.
TELLING = (
    v.MYSELF
    | v.NO
    | words(
        "kita gue gw dia mereka kamu anda beliau saha urang ceunah sudah sdh udah udh dah telah belum blm blom akan mau"
        " ingin pengen bisa boleh harus perlu masih lagi sedang pernah dulu tadi kemarin besok nanti sekarang kapan kpn"
        " apa apakah siapa kenapa mengapa bagaimana gimana gmn berapa brp mana dimana kemana yang yg karena krn kalau"
        " kalo klo tapi tetapi untuk utk supaya agar dengan dgn jangan itu ini katanya ada tentang soal tanya nanya"
        " minta dari tolong bagi terus lalu ketika waktu sampai"
        " wis sampun dereng durung niki niku menika piye pripun kapan sinten sapa"
        " tos atos acan kumaha iraha naon ieu eta"
        " wah ndeqman berembe piran sai"
    )
)
#: What is asked about a company, behind its name.
ABOUT_IT = words("nomor nomer no alamat alamatnya izin izinnya kontak telepon telp status statusnya legalitasnya di")
#: What else is looked after, with CEK before it: a story, and no name of a company.
ORDINARY = words(
    # health
    "kesehatan sehat medical medikal mcu kes darah lab urin urine rontgen tensi mata gigi hamil kandungan dokter rs"
    " rumah rumahsakit klinik puskesmas covid swab vaksin fit up badan berat suhu tes test psikotes psikologi"
    # papers and dates
    " dokumen berkas surat paspor pasport passport visa ktp kk akta akte ijazah kontrak perjanjian pk bpjs kartu epmi"
    " opp pap skck sertifikat tiket jadwal tanggal data nik foto daftar pendaftaran kelengkapan syarat persyaratan"
    # money
    " gaji gajih saldo uang duit rekening rek atm transfer tf potongan biaya bayar bayaran pembayaran utang hutang"
    " pinjaman harga pulsa kuota pajak bansos blt pkh bantuan dana klaim kiriman paket resi tagihan cicilan denda"
    # phone
    " sms wa whatsapp pesan inbox email hp telepon telp nomor nomer no sinyal link aplikasi web website akun fb kode"
    # way and work
    " bandara pesawat penerbangan in out lokasi alamat kos kamar imigrasi lowongan loker kerja kerjaan pekerjaan"
    " majikan pelatihan ujian hasil nilai lamaran pengumuman antrian antrean absen barang stok mobil motor kabar berita"
    " keadaan kondisi laporan anak suami istri keluarga orang sponsor calo petugas kepala desa"
    # how
    " cek sound ombak semua lagi aja saja dulu kembali ulang langsung sendiri terus benar betul segera cepat"
    # Javanese and Sundanese 'cek' means other things
    " e ben jarene bapa bapak bpk ibu calon ke di pada"
)
#: 'dokumennya' is tidied to 'dokumenya'.
ENDINGS = ("nya", "ya", "ku", "mu", "ne", "na", "e")
#: With one of these behind it 'minta tolong' is only polite.
KEYWORDS = CHECK | CHECK_MAKES | REPORT_VERBS | INFO | LANGUAGE
