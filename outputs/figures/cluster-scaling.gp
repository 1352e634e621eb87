# Efficiency of a simulated sweep against cores, from results/bench-cluster.csv: make bench-cluster
# gnuplot -e "data='results/bench-cluster.csv'; output='cluster-scaling.png'" outputs/figures/cluster-scaling.gp
set terminal pngcairo size 1100,520 font "DejaVu Sans,11"
set output output
set datafile separator ","
set grid ytics xtics lt 1 lw 0.8 lc rgb "#dddddd"
set border 3
set tics nomirror out
set logscale x 10
set xrange [16:100000]
set yrange [0:100]
set format x "10^{%L}"
set xlabel "cores"
set key below vertical Left reverse maxrows 3 samplen 2 width -2 spacing 1.1 font ",9"
color(i) = word("#c0392b #e08a1e #1f77b4 #2e8b57 #111111 #888888", i)
shape(i) = int(word("7 5 9 11 2 4", i))
rows(group, name, sectors) = sprintf("< grep -F '\"%s\",\"%s\",%d,' %s | sort -t, -k5,5n -s | awk -F, '{print $(NF-3)\",\"$(NF-2)*100}'", \
  group, name, sectors, data)
array how[5] = ["one writer", "one writer, a sync every 64 blocks", "shared file, a message a block", \
  "shared file, a message every 16 blocks", "divided beforehand (shards)"]
array label[5] = ["one writer", "one writer, sync every 64 blocks", "shared file, message a block", \
  "shared file, every 16 blocks", "divided beforehand (shards)"]
set multiplot layout 1,2
set title "42 sectors, indicators kept: who writes, how often ranks talk" offset 0,-0.4
set ylabel "efficiency, %"
plot for [i=1:5] rows("organisation", how[i], 42) using 1:2 with linespoints lw 2.2 ps 0.9 pt shape(i) lc rgb color(i) \
  title label[i]
keeps = "statistics indicators groups full"
set title "153 sectors: what is kept (shared file: every 16 blocks)" offset 0,-0.4
unset ylabel
plot for [i=1:4] rows("kept", word(keeps, i), 153) using 1:2 with linespoints lw 2.2 ps 0.9 pt shape(i) lc rgb color(int(word("3 4 5 1", i))) \
  title word(keeps, i).", shared file", \
  for [i=2:4:2] rows("kept, one writer", word(keeps, i), 153) using 1:2 with linespoints lw 2.2 ps 0.9 dt 2 pt shape(i) \
  lc rgb color(int(word("3 4 5 1", i))) title word(keeps, i).", one writer"
unset multiplot
