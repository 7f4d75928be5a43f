"""The words of STOP, BANTU, MULAI, SALAH and of the answers, as they are typed on a phone. Data.

Indonesian first, then Javanese (ngoko and krama), Sundanese and Sasak. The words of the last three are gathered from
dictionaries and from our own texts; no native reader has confirmed them yet, least of all Sasak. Where such a word
also means something else it counts only beside others that leave no doubt. A doubled letter is a slip, so 'mandegg'
need not stand here (`spelling.tidy`).
"""

from __future__ import annotations

from sms.spelling import tidy


def words(text: str) -> frozenset[str]:
    return frozenset(map(tidy, text.split()))


STOP = words("stop setop stap berhenti brenti berenti unreg unregister unsubscribe unsub stopall keluar")
#: Of these one slip of the finger still counts ('stpo', 'brhenti').
STOP_FORGIVING = ("stop", "berhenti", "unreg", "keluar")
#: Mean nothing else, so that a refusal may follow: 'STOP saya tidak mau lagi'.
STOP_CLEAR = words("stop setop unreg unregister unsubscribe unsub stopall")
#: A reason behind it begins so: 'STOP saya sudah pulang', 'stop karena …'.
REASON = words("saya sy sya aku ak kami karena krn sebab sudah udah sdh tidak tdk gak ga nggak 1 2 3 ke")
#: Behind it these are what stops, and not the texts: 'stop kerja'.
STOPPED_ELSE = words("kerja bekerja kontrak berangkat merokok")
#: Known also when a space fell into them: 's top', 'ber henti'. Not 'ke luar', which is a way.
STOP_BROKEN = words("stop setop unreg unregister berhenti")
#: Before it: 'saya mau STOP sms', 'minta STOP'.
WISH_TO_STOP = words("saya sy aku kami mau ingin pengen pingin minta mohon")
#: After a wish these speak of texts only if they say so: 'saya mau berhenti' may be a job, 'mau keluar' a house.
STOP_ALSO_WORK = words("berhenti brenti berenti")
#: Speak of so much else that the texts must be named beside them: 'mandeg sms', 'hentikan pesan ini'.
STOP_IF_TEXTS = words(
    "hentikan berhentikan stopkan stopin setopkan setopin"
    " mandeg mandek mandheg mandegna mandegno mandegke mandekno lereni leren lereno kendel kendelaken kendelna"  # jv
    " eureun eureunan eureunkeun liren lirenkeun"  # su
    " mandeq"  # sas
)
#: Around those: who wishes it, and that it is the texts to this number.
WISH_IF_TEXTS = words(
    "bantu bisa boleh izin ijin untuk supaya agar dari ke nomor nomer no ini nya kirim kirimi ngirim ngirimi"
    " kula kulo badhe bade arep pengin njaluk jaluk nyuwun menika niki iki"  # jv
    " abdi kuring hoyong hayang menta nyuhunkeun ka ieu"  # su
    " tiang mele endeng tunas jok"  # sas
)
#: 'jangan kirim sms lagi' is STOP without its word; without 'lagi' it may be about this evening.
REFUSE_TEXTS = words("jangan jgn jng jangn gausah gosah ojo ampun ulah")
#: Behind a NO they refuse too: 'tidak mau sms lagi', 'ga usah kirim pesan lagi'.
REFUSED = words("mau usah ush perlu ingin butuh terima menerima dapat nerima purun")
NO_MORE = words("lagi lg maneh malih deui malik")
#: Real words one slip away from a stop word: 'stok' is a stock, 'kelar' is done.
NOT_STOP = words("stok step shop top slop stor sop stol atop kelar keluarg kelua seluar")

HELP = words(
    "bantu bantuan bantuin bantulah bntu bntuan batnu bantua bamtu bsntu bantj help hlp sos darurat gawat emergency"
    " tulung tulungi tulungono tulungana nulungi pitulung pitulungan pitulungane pitulungipun mbiyantu biyantu"  # jv
    " tulungan tulungi bantos bantosan bantosanana bantuna"  # su
    " tulungang"  # sas
)
#: Pleads only with somebody behind it; 'tolong kirim …' asks for something.
PLEASE = words("tolong tlong tolng tulong tolomg tlg tlng toling toiong tolonglah tolongin")
#: Aid of the state, not in need: 'bantuan sosial kapan cair'.
AID = words("sosial langsung tunai pangan sembako beras blt pkh bpnt modal pemerintah pendidikan usaha dana bansos apa")
#: Before it: 'minta tolong', 'butuh bantuan'.
WANTS = words(
    "minta mnta mohon butuh btuh perlu need want"
    " nyuwun njaluk jaluk mbutuhake mbetahaken betah"  # jv
    " menta nyuhunkeun peryogi butuh"  # su
    " tunas endeng ngendeng"  # sas
)
#: Between the two: 'saya mau minta tolong'.
WISH = words("mau ingin pengen pingin pengin hendak badhe bade arep hoyong hayang mele want")
MYSELF = words("saya sy sya aku ak kami i kula kulo abdi kuring tiang tyang")
#: After TOLONG these still plead; 'tolong kirim …' asks for something.
PLEA = words(
    "saya sy sya aku ak kami kita anak suami istri tolongin selamatkan bebaskan keluarkan pulangkan jemput cepat"
    " segera darurat tulung me"
    " kula kulo abdi kuring tiang tyang"
)
#: Said of oneself these call for help at the beginning, and beside TOLONG anywhere.
DANGER = words(
    "disekap diculik disiksa diperkosa dianiaya dikurung dipukul dipukuli diancam dibunuh dijual diperdagangkan"
)
#: Of goods as often as of people: of oneself, or to somebody.
SOLD, SOLD_TO = words("dijual"), words("ke oleh sama")
#: Beside them 'tolong saya …' is no cry: 'tolong saya mau tanya'.
ASKS = words("tanya nanya bertanya menanyakan jadwal kapan gimana bagaimana berapa info tau tahu lihat kirim")
#: Call for help with nothing else, or with 'ini', 'saya dalam'; 'bahaya gak kerja di sana?' does not.
DANGER_ALONE = words("bahaya danger darurat gawat emergency")
BEFORE_DANGER = MYSELF | words("ini ada dalam keadaan kondisi situasi lagi sedang")
#: Who is to be helped, at the end of a story: '… tolong saya', '… bantu anak saya'.
WHOM = MYSELF | words("me kita")

START = words("mulai mulay mulei muali mulaii start unstop reg aktif aktip aktifkan aktipkan aktifin wiwit mimiti")
#: 'mulai lagi', 'wiwit malih'.
AGAIN = NO_MORE | words("kembali")
WRONG = words("salah slh")
#: Wrong only with the person or the number: 'klentu tiyang', 'lepat jalmi', 'salaq dengan'.
WRONG_WITH = words("keliru kliru kleru klentu lepat salaq")
WRONG_OBJECT = words("orang org nomor nomer no sambung alamat kirim tujuan tiyang wong jalmi jalma dengan")
NOT_ME = frozenset({("bukan", "saya"), ("bukan", "aku"), ("sanes", "kula"), ("sanes", "abdi"), ("dudu", "aku")})

YES = words(
    "ya yaa iya iyaa iyah yah iyo y yes yess nggih inggih enggih njih injih ngih nggeh"
    " muhun sumuhun enya leres heueuh"  # su
    " aoq aok"  # sas
)
#: Yes when they stand alone; otherwise the beginning of any sentence.
YES_ALONE = words("jadi setuju betul benar siap oke ok sido estu saestu sarujuk janten satuju jari")
YES_OBJECT = words("berangkat sampai baik bidhal bidal budhal mangkat angkat lumbar")
#: 'Ya Allah' and 'ya ampun' are cries, not answers.
EXCLAMATION = words("allah alloh allahu tuhan ampun ampuun gusti rabb robb robbi rabbi salam")
NO = words(
    "tidak tdk tidk tak gak ga gk g nggak ngga enggak engga ndak nda batal ditunda tunda"
    " boten mboten ora tundha"  # jv
    " teu henteu"  # su
    " ndeq ndek endeq"  # sas
)
#: After TIDAK these still answer; 'tidak tahu' and 'tidak apa-apa' do not.
NO_OBJECT = words(
    "jadi berangkat brangkat setuju mau ikut siap dulu"
    " sido estu sios bidhal bidal budhal mangkat janten angkat jari lumbar"
)
#: Turn a YA around, or make it doubtful.
CONTRARY = NO | words("no belum blm bukan tapi tetapi jangan salah mungkin kalau dereng")

DIGITS = {
    tidy(word): digit
    for digit, named in {
        "1": "satu siji setunggal hiji sekeq sopoq",
        "2": "dua loro kalih due",
        "3": "tiga telu tilu",
        "4": "empat papat opat",
        "5": "lima",
    }.items()
    for word in named.split()
}
BEFORE_DIGIT = words("no nomor nomer pilih pilihan angka opsi") | YES
#: The options in their own words: '1=baik', '2 minta ditelepon'.
OPTION = words(
    "baik sehat sesuai kurang belum minta ditelepon ditelpon telepon telpon telp perpanjang cuti pulang kondur sae"
    " alhamdulillah kabar sampai petugas"
    " cocok kirang dereng nyuwun dipuntelpon manjangaken cocog hoyong manjangkeun mulih solah tunas tetelpon uleq"
)

#: Whom one speaks to.
ADDRESS = words("bu pak pk mas mbak mba kak kk bang bng teh kang dik dek bos min admin inaq amaq")
#: Of one's own family as often; whom one speaks to only where a greeting or a comma says so.
ADDRESS_OR_FAMILY = words("ibu bapak bpk kakak")
CALLED = ADDRESS | ADDRESS_OR_FAMILY
POLITE = CALLED | words(
    "ya yah yaa iya nggih dong dng deh aja saja tolong mohon harap please pls plis"
    " terima kasih makasih trims trimakasih terimakasih matur nuwun suwun hatur nuhun tampiasih maaf"
    " punten mangga monggo tabeq silaq assalamualaikum jawab jawaban jawabannya balas"
)
#: How a text begins before it comes to the point. Only there: '1 malam' is no answer.
GREETING = words(
    "assalamualaikum asalamualaikum assalamualaikm assallamualaikum assalamu asalamu assalam alaikum alaikumsalam ass"
    " aslm askum wr wb warahmatullahi warohmatullohi wabarakatuh wabarokatuh halo hallo hello hai hay hei hi salam"
    " selamat slmt met pagi siang sore malam mlm permisi misi punten sampurasun kulonuwun nuwun sewu sugeng enjing"
    " enjang sonten dalu ndalu wilujeng wengi tabeq maaf maap mf mengganggu ganggu please pls plis"
)
PARDON = frozenset({("mohon", "maf"), ("mohon", "map")})
#: How a text begins that says who writes, and what stands before a story: 'ini Siti, …', 'saya di Malaysia, …'.
SIGNED = words("ini dari nama nm namanya")
#: What may be stopped: the texts, or the programme by its name.
TEXTS = words(
    "sms smsnya smse pesan pesannya spam langganan berlangganan layanan desmigratif desmigratip desmigrative desmig"
)
#: Named at the beginning: whoever is spoken to.
OURSELVES = words("desmigratif desmigratip desmigrative desmig")
ABOUT_TEXTS = TEXTS | words("kirim mengirim kirimi dikirim jangan lagi semua all dulu")
REFUSAL = words(
    "saya aku tidak tdk gak ga nggak mau terima ingin butuh perlu info nomor ini bukan salah orang org sambung"
)

#: Recognised letter by letter with others behind: 'c e k pt maju', 'l.a.p.o.r calo'.
SPELT = STOP | words("bantu bantuan tolong tulung help sos info menu cek lapor bahasa salah mulai start tidak iya")
