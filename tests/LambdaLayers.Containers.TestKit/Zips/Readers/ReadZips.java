import java.io.*;
import java.nio.file.*;
import java.security.MessageDigest;
import java.util.*;
import java.util.jar.JarFile;
import java.util.zip.*;

/** java ReadZips.java java|java-stream FOLDER: as read_zips.py, with java.util.jar.JarFile or java.util.zip.ZipInputStream. */
public class ReadZips {
    public static void main(String[] args) throws Exception {
        var out = new PrintStream(System.out, false, "UTF-8");
        var names = new File(args[1]).list((folder, name) -> name.endsWith(".zip"));
        Arrays.sort(names);
        for (var name : names) {
            var path = Path.of(args[1], name);
            try {
                var files = args[0].equals("java") ? file(path) : stream(path);
                var line = new StringJoiner(",", "{\"zip\":" + quote(name) + ",\"files\":{", "}}");
                files.forEach((file, digest) -> line.add(quote(file) + ":" + quote("?" + digest)));
                out.println(line);
            } catch (Exception e) {
                out.println("{\"zip\":" + quote(name) + ",\"error\":" + quote(String.valueOf(e)) + "}");
            }
        }
        out.flush();
    }

    private static Map<String, String> file(Path path) throws Exception {
        var files = new TreeMap<String, String>();
        try (var zip = new JarFile(path.toFile(), false)) {
            for (var entries = zip.entries(); entries.hasMoreElements();) {
                var entry = entries.nextElement();
                if (!entry.isDirectory())
                    files.put(entry.getName(), digest(zip.getInputStream(entry)));
            }
        }
        return files;
    }

    private static Map<String, String> stream(Path path) throws Exception {
        var files = new TreeMap<String, String>();
        try (var zip = new ZipInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
            for (ZipEntry entry; (entry = zip.getNextEntry()) != null;) {
                if (!entry.isDirectory())
                    files.put(entry.getName(), digest(zip));
            }
        }
        return files;
    }

    private static String digest(InputStream content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.readAllBytes()));
    }

    private static String quote(String text) {
        var quoted = new StringBuilder("\"");
        for (var c : text.toCharArray()) {
            if (c < ' ' || c == '"' || c == '\\' || c > '~')
                quoted.append(String.format("\\u%04x", (int) c));
            else
                quoted.append(c);
        }
        return quoted.append('"').toString();
    }
}
