# perl read_zips.pl FOLDER: as read_zips.py, with Archive::Zip.
use strict;
use warnings;
use Archive::Zip qw(:ERROR_CODES);
use Digest::SHA qw(sha256_hex);
use Encode qw(decode FB_DEFAULT);
use JSON::PP;

binmode STDOUT;
my $json = JSON::PP->new->ascii->canonical;
Archive::Zip::setErrorHandler(sub { die @_ });
for my $path (sort glob("$ARGV[0]/*.zip")) {
    my ($name) = $path =~ m{([^/]+)$};
    my %files;
    my $ok = eval {
        my $zip = Archive::Zip->new;
        $zip->read($path) == AZ_OK or die "not read\n";
        for my $member ($zip->members) {
            next if $member->isDirectory;
            my ($content, $status) = $member->contents;
            $status == AZ_OK or die "not inflated\n";
            my $file = $member->fileName;
            $file = decode('UTF-8', $file, FB_DEFAULT) unless utf8::is_utf8($file);
            $files{$file} = '?' . sha256_hex($content);
        }
        1;
    };
    print $json->encode($ok ? { zip => $name, files => \%files } : { zip => $name, error => "$@" }), "\n";
}
