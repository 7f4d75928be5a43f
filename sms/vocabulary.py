"""The words people answer with, in Indonesian, Javanese and Sundanese, as they are typed on a phone. Data."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP = words("stop setop stap berhenti brenti berenti unreg unregister keluar")
#: Of these one slip of the finger still counts ('stpo', 'brhenti').
STOP_FORGIVING = ("stop", "berhenti", "unreg", "keluar")
#: Mean nothing else, so that a refusal may follow: 'STOP saya tidak mau lagi'.
STOP_CLEAR = words("stop setop unreg unregister")
#: Before it: 'saya mau STOP sms', 'minta STOP'.
WISH_TO_STOP = words("saya sy aku kami mau ingin pengen pingin minta mohon")
#: After a wish these speak of texts only if they say so: 'saya mau berhenti' may be a job, 'mau keluar' a house.
STOP_ALSO_WORK = words("berhenti brenti berenti")
#: Real words one slip away from a stop word: 'stok' is a stock, 'kelar' is done.
NOT_STOP = words("stok step shop top slop stor sop stol atop kelar keluarg kelua seluar")
HELP = words("bantu bantuan bantuin help sos darurat tulung tulungi tulungan")
#: Before it: 'minta tolong', 'butuh bantuan'.
WANTS = words("minta mohon butuh perlu nyuwun")
MYSELF = words("saya sy aku kami")
#: After TOLONG these still plead; 'tolong kirim …' asks for something.
PLEA = words("saya sy aku kami kita anak suami istri tolongin selamatkan cepat segera darurat tulung")
START = words("mulai mulay muali start aktif aktifkan")
WRONG = words("salah slh")
WRONG_OBJECT = words("orang org nomor nomer no sambung alamat kirim tujuan")

YES = words("ya yaa iya iyaa iyah yah iyo y yes nggih inggih enggih njih injih ngih nggeh muhun sumuhun enya leres")
#: Yes when they stand alone; otherwise the beginning of any sentence.
YES_ALONE = words("jadi setuju betul benar siap oke ok")
YES_OBJECT = words("berangkat sampai baik bidhal")
#: 'Ya Allah' and 'ya ampun' are cries, not answers.
EXCLAMATION = words("allah alloh allahu tuhan ampun ampuun gusti rabb robb robbi rabbi salam")
NO = words("tidak tdk tak gak ga gk g nggak ngga enggak engga ndak nda boten mboten ora teu henteu batal ditunda")
#: After TIDAK these still answer; 'tidak tahu' and 'tidak apa-apa' do not.
NO_OBJECT = words("jadi berangkat brangkat setuju mau ikut siap dulu sido bidhal")
#: Turn a YA around, or make it doubtful.
CONTRARY = NO | words("no belum blm bukan tapi tetapi jangan salah tunda mungkin kalau dereng")

DIGITS = {"satu": "1", "dua": "2", "tiga": "3", "siji": "1", "loro": "2", "telu": "3", "hiji": "1", "tilu": "3"}
BEFORE_DIGIT = words("no nomor nomer pilih pilihan angka") | YES
#: The options in their own words: '1=baik', '2 minta ditelepon'.
OPTION = words(
    "baik sehat sesuai kurang belum minta ditelepon ditelpon telepon telpon telp perpanjang cuti pulang kondur sae"
    " alhamdulillah kabar sampai petugas"
)

POLITE = words(
    "bu ibu bpk pak bapak mas mbak mba kak kakak dik bos min admin ya yah yaa iya nggih dong deh aja saja tolong mohon"
    " harap please pls terima kasih makasih trims trimakasih terimakasih matur nuwun hatur nuhun maaf punten"
    " assalamualaikum jawab jawaban jawabannya balas"
)
#: What may be stopped: the texts, or the programme by its name.
TEXTS = words("sms smsnya pesan pesannya langganan berlangganan layanan desmigratif desmigratip desmigrative desmig")
ABOUT_TEXTS = TEXTS | words("kirim mengirim kirimi dikirim jangan lagi semua all dulu")
REFUSAL = words("saya aku tidak tdk gak ga nggak mau terima ingin butuh perlu info nomor ini")
