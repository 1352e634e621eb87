# The README's figure from results/china-2020.h5: make figures
# gnuplot -e "result='results/china-2020.h5'; tanlu='build/tanlu'; output='national-co2.png'" outputs/figures/national-co2.gp
set terminal pngcairo size 1100,460 font "DejaVu Sans,11"
set output output
set datafile separator ","
set datafile missing "NaN"
set key bottom left samplen 2 spacing 1.15 font ",10"
set grid ytics lc rgb "#dddddd"
set border 3
set tics nomirror out
set xrange [2020:2060]
scenarios = "reference structure energy-mix dual-carbon accelerated"
color(i) = word("#666666 #b8860b #1f77b4 #c0392b #2e8b57", i)
series(name, indicator) = sprintf("< %s show --csv %s %s | grep '^%s,'", tanlu, result, indicator, name)
set multiplot layout 1,2
set title "CO2 of energy and processes, after capture" offset 0,-0.5
set ylabel "Gt"
set yrange [0:12]
plot for [i=1:words(scenarios)] series(word(scenarios, i), "co2_total") using 2:($5/1000) with lines lw 2.5 lc rgb color(i) \
  title word(scenarios, i)
unset key
set title "Non-fossil share of energy consumption"
set ylabel "%"
set yrange [0:100]
plot for [i=1:words(scenarios)] series(word(scenarios, i), "nonfossil_share") using 2:($5*100) with lines lw 2.5 \
  lc rgb color(i) notitle
unset multiplot
